package org.powersync.jakarta.syncconfig.sqlite;

import java.util.HexFormat;
import java.util.List;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.Evaluated;
import org.powersync.jakarta.syncconfig.LoadResult;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** An expression over the columns a, b and c, evaluated as part of a sync config. */
final class Evaluator {
  private static final ColumnLayout LAYOUT = new ColumnLayout(List.of("a", "b", "c"));

  private final TableEvaluator table;

  private Evaluator(String yaml) {
    LoadResult loaded = SyncConfig.load(yaml, "public");
    this.table =
        loaded
            .config()
            .orElseThrow(() -> new IllegalArgumentException(loaded.messages() + "\n" + yaml))
            .deployed(BucketNaming.UNVERSIONED)
            .evaluator(new TableName("default", "public", "t"));
  }

  /** In a data query of edition 2. */
  static Evaluator edition2(String expression) {
    return new Evaluator(
        "config: {edition: 2}\nbucket_definitions:\n  g:\n    data:\n      - |\n        "
            + query(expression));
  }

  /** In a stream of edition 3. */
  static Evaluator edition3(String expression) {
    return new Evaluator(
        "config: {edition: 3}\nstreams:\n  s:\n    query: |\n        " + query(expression));
  }

  /** In a stream of edition 3, by the rules of SQLite. */
  static Evaluator engine(String expression) {
    return new Evaluator(
        "config: {edition: 3, unstable_sqlite_expression_engine: true}\nstreams:\n  s:\n"
            + "    query: |\n      "
            + query(expression));
  }

  /** Hexadecimal digits show blobs, which never leave a config. */
  private static String query(String expression) {
    String result = expression.replace("\n", " ");
    return "SELECT 'i' AS id, typeof(%1$s) AS kind, %1$s AS result, hex(%1$s) AS digits FROM t\n"
        .formatted(result);
  }

  Result evaluate(List<SqlValue> values) {
    Evaluated<BucketRow> evaluated =
        table.data(new SourceRow(LAYOUT, values.toArray(SqlValue[]::new)));
    if (!evaluated.errors().isEmpty()) {
      return new Result.Failed();
    }
    OutputRow row = evaluated.results().get(0).data();
    if (row.values().get(1).equals(SqlValue.of("blob"))) {
      String digits = ((SqlValue.Text) row.values().get(row.values().size() - 1)).value();
      return new Result.Value(new SqlValue.Blob(HexFormat.of().parseHex(digits)));
    }
    return new Result.Value(row.values().get(2));
  }
}
