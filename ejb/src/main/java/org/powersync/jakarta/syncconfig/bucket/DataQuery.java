package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.PerLayout;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.expression.RowInputs;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Which rows of a table go into which buckets, and with what data (sync config section 7.5).
 *
 * @param outputTable the alias, when there is one
 * @param columns the columns read, by slot
 * @param combinations parameter values in the order of bucket names
 */
record DataQuery(
    String definition,
    TablePattern table,
    Optional<String> outputTable,
    List<String> columns,
    Match.Combinations combinations,
    List<OutputColumns.Item> items) {

  /** The query over the rows of one table. */
  RowQuery<BucketRow> over(TableName source, String bucketPrefix) {
    return new OverTable(source, bucketPrefix);
  }

  private record Prepared(int[] positions, OutputColumns output) {}

  private final class OverTable implements RowQuery<BucketRow> {
    private final String tableName;
    private final SqlValue tableSuffix;
    private final String bucketPrefix;
    private final BucketName withoutParameters;
    private final PerLayout<Prepared> prepared =
        new PerLayout<>(
            layout ->
                new Prepared(
                    RowColumns.positions(columns, layout), OutputColumns.of(items, layout)));

    OverTable(TableName source, String bucketPrefix) {
      this.tableName = outputTable.orElse(source.name());
      this.tableSuffix = SqlValue.of(table.suffixOf(source));
      this.bucketPrefix = bucketPrefix;
      this.withoutParameters = new BucketName(bucketPrefix + RowJson.parameters());
    }

    @Override
    public String definition() {
      return definition;
    }

    @Override
    public List<BucketRow> evaluate(SourceRow row) {
      Prepared layout = prepared.of(row.layout());
      RowInputs inputs = new RowInputs(row, layout.positions(), tableSuffix);
      List<SqlValue[]> matched = combinations.of(inputs);
      if (matched.isEmpty()) {
        return List.of();
      }
      OutputColumns output = layout.output();
      SqlValue[] values = output.values(inputs);
      String id = output.idIndex() < 0 ? "" : id(values[output.idIndex()]);
      OutputRow data = data(output.names(), values);
      if (matched.size() == 1) {
        return List.of(new BucketRow(bucket(matched.get(0)), tableName, id, data));
      }
      List<BucketRow> rows = new ArrayList<>(matched.size());
      for (SqlValue[] parameters : matched) {
        rows.add(new BucketRow(bucket(parameters), tableName, id, data));
      }
      return rows;
    }

    private BucketName bucket(SqlValue[] parameters) {
      return parameters.length == 0
          ? withoutParameters
          : new BucketName(bucketPrefix.concat(RowJson.parameters(parameters)));
    }
  }

  private static String id(SqlValue value) {
    return value == SqlValue.NULL || value == SqlValue.ABSENT || value instanceof SqlValue.Blob
        ? ""
        : Casts.text(value);
  }

  private static OutputRow data(List<String> names, SqlValue[] values) {
    int kept = 0;
    for (SqlValue value : values) {
      kept += isKept(value) ? 1 : 0;
    }
    if (kept == values.length) {
      return new OutputRow(names, Arrays.asList(values));
    }
    List<String> keptNames = new ArrayList<>(kept);
    List<SqlValue> keptValues = new ArrayList<>(kept);
    for (int i = 0; i < values.length; i++) {
      if (isKept(values[i])) {
        keptNames.add(names.get(i));
        keptValues.add(values[i]);
      }
    }
    return new OutputRow(keptNames, keptValues);
  }

  private static boolean isKept(SqlValue value) {
    return value != SqlValue.ABSENT && !(value instanceof SqlValue.Blob);
  }
}
