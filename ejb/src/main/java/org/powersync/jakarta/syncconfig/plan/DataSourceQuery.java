package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.PerLayout;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Puts the rows of one table into all buckets of a data source (sync config section 9.4). */
final class DataSourceQuery implements RowQuery<BucketRow> {
  private final String definition;
  private final BucketNames[] buckets;
  private final String outputTable;
  private final String table;
  private final RowProcessor processor;
  private final boolean outputsVary;
  private final PerLayout<OutputLayout> layouts;

  /** The names of buckets that begin alike. */
  private record BucketNames(String prefix, BucketName withoutKeys) {
    static BucketNames of(String prefix) {
      return new BucketNames(prefix, new BucketName(prefix.concat(RowJson.parameters())));
    }

    BucketName name(SqlValue[] keys) {
      return keys.length == 0
          ? withoutKeys
          : new BucketName(prefix.concat(RowJson.parameters(keys)));
    }
  }

  /**
   * @param definition the stream that the rows are counted to
   * @param bucketPrefixes of the buckets that have this source
   */
  DataSourceQuery(
      String definition,
      List<String> bucketPrefixes,
      SyncPlan.DataSource source,
      TablePattern pattern,
      TableName table,
      ExpressionRules rules) {
    this.definition = definition;
    this.table = table.name();
    this.buckets = bucketPrefixes.stream().map(BucketNames::of).toArray(BucketNames[]::new);
    this.outputTable = source.outputTable().orElse(table.name());
    this.processor = new RowProcessor(source.processor(), pattern, table, rules);
    this.outputsVary = source.columns().stream().anyMatch(DataSourceQuery::usesFunction);
    List<OutputLayout.Item> items =
        source.columns().stream().map(column -> item(column, processor)).toList();
    this.layouts = new PerLayout<>(layout -> OutputLayout.of(items, layout));
  }

  private static OutputLayout.Item item(SyncPlan.OutputColumn column, RowProcessor processor) {
    if (column instanceof SyncPlan.OutputColumn.Named named) {
      Computation computation = processor.compile(named.expression());
      return new OutputLayout.Item(named.alias(), computation);
    }
    return OutputLayout.Item.STAR;
  }

  private static boolean usesFunction(SyncPlan.OutputColumn column) {
    boolean[] found = new boolean[1];
    if (column instanceof SyncPlan.OutputColumn.Named named) {
      named
          .expression()
          .forEachInput(input -> found[0] |= input instanceof PlanInput.FunctionOutput);
    }
    return found[0];
  }

  @Override
  public String definition() {
    return definition;
  }

  @Override
  public String sql() {
    return table;
  }

  @Override
  public List<BucketRow> evaluate(SourceRow row) {
    Results results = new Results(layouts.of(row.layout()));
    processor.forEach(row, results);
    return results.rows;
  }

  /** Collects the entries of one row; its data is computed once, where combinations share it. */
  private final class Results implements RowProcessor.Visitor {
    private final OutputLayout layout;
    private List<BucketRow> rows = List.of();
    private OutputRow data;
    private String id;

    Results(OutputLayout layout) {
      this.layout = layout;
    }

    @Override
    public void combination(RowContext context) {
      if (data == null || outputsVary) {
        SqlValue[] values = layout.values(context);
        id = layout.id(values);
        data = layout.data(values);
      }
      SqlValue[] keys = processor.keys(context);
      if (keys == null) {
        return;
      }
      if (rows.isEmpty() && buckets.length == 1) {
        rows = List.of(entry(buckets[0], keys));
        return;
      }
      if (!(rows instanceof ArrayList)) {
        rows = new ArrayList<>(rows);
      }
      for (BucketNames bucket : buckets) {
        rows.add(entry(bucket, keys));
      }
    }

    private BucketRow entry(BucketNames bucket, SqlValue[] keys) {
      return new BucketRow(bucket.name(keys), outputTable, id, data);
    }
  }
}
