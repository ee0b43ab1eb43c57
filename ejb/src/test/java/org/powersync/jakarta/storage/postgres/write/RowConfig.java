package org.powersync.jakarta.storage.postgres.write;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.Evaluated;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.RequestEvaluation;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A sync config given by two functions of a row, so that writer tests need no config text. */
public final class RowConfig implements DeployedSyncConfig {
  private final BiFunction<TableName, SourceRow, List<BucketRow>> data;
  private final BiFunction<TableName, SourceRow, List<ParameterEntry>> parameters;

  private RowConfig(
      BiFunction<TableName, SourceRow, List<BucketRow>> data,
      BiFunction<TableName, SourceRow, List<ParameterEntry>> parameters) {
    this.data = data;
    this.parameters = parameters;
  }

  /** {@code SELECT columns FROM "%"}, or all columns, into {@code global[]}. */
  public static RowConfig global(int storageVersion, String... columns) {
    return data((table, row) -> List.of(row(storageVersion, "global[]", table, row, columns)));
  }

  /**
   * Rows into the bucket that column {@code b} names, their ids to whom column {@code user} names,
   * by the lookup {@code l}; nothing where the column is null.
   */
  public static RowConfig byBucketAndUser() {
    return data((table, row) ->
            row.value("b") instanceof SqlValue.Text bucket
                ? List.of(row(2, bucket.value(), table, row))
                : List.of())
        .withParameters(
            (table, row) ->
                row.value("user") instanceof SqlValue.Text user
                    ? List.of(entry("l", user, output(row, "id")))
                    : List.of());
  }

  public static RowConfig data(BiFunction<TableName, SourceRow, List<BucketRow>> data) {
    return new RowConfig(data, null);
  }

  public static RowConfig parameters(
      BiFunction<TableName, SourceRow, List<ParameterEntry>> parameters) {
    return new RowConfig(null, parameters);
  }

  public RowConfig withParameters(BiFunction<TableName, SourceRow, List<ParameterEntry>> added) {
    return new RowConfig(data, added);
  }

  /** A row's place in a bucket of stream 1. */
  public static BucketRow row(
      int storageVersion, String bucket, TableName table, SourceRow row, String... columns) {
    String name = storageVersion == 1 ? bucket : "1#" + bucket;
    String id = row.value("id") instanceof SqlValue.Text text ? text.value() : "";
    return new BucketRow(new BucketName(name), table.name(), id, output(row, columns));
  }

  public static OutputRow output(SourceRow row, String... columns) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (String column : columns.length == 0 ? row.layout().names() : List.of(columns)) {
      if (row.value(column) != SqlValue.ABSENT) {
        names.add(column);
        values.add(row.value(column));
      }
    }
    return new OutputRow(names, values);
  }

  /** One result row for one lookup by one value. */
  public static ParameterEntry entry(String lookup, SqlValue key, OutputRow result) {
    return new ParameterEntry(new ParameterLookup(lookup, "1", List.of(key)), List.of(result));
  }

  @Override
  public SyncConfig config() {
    throw new UnsupportedOperationException("no config text");
  }

  @Override
  public boolean reads(TableName table) {
    return true;
  }

  @Override
  public RequestEvaluation evaluate(SyncRequest request) {
    throw new UnsupportedOperationException("no requests");
  }

  @Override
  public TableEvaluator evaluator(TableName table) {
    return new TableEvaluator() {
      @Override
      public boolean syncsData() {
        return data != null;
      }

      @Override
      public boolean syncsParameters() {
        return parameters != null;
      }

      @Override
      public Evaluated<BucketRow> data(SourceRow row) {
        return new Evaluated<>(data.apply(table, row), List.of());
      }

      @Override
      public Evaluated<ParameterEntry> parameters(SourceRow row) {
        return new Evaluated<>(parameters.apply(table, row), List.of());
      }
    };
  }
}
