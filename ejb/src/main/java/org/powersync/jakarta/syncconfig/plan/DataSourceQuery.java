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
  private final String[] bucketPrefixes;
  private final String outputTable;
  private final RowProcessor processor;
  private final boolean outputsVary;
  private final PerLayout<OutputLayout> layouts;

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
      boolean fixedJson) {
    this.definition = definition;
    this.bucketPrefixes = bucketPrefixes.toArray(String[]::new);
    this.outputTable = source.outputTable().orElse(table.name());
    this.processor = new RowProcessor(source.processor(), pattern, table, fixedJson);
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
      String parameters = RowJson.parameters(keys);
      if (rows.isEmpty() && bucketPrefixes.length == 1) {
        rows = List.of(entry(bucketPrefixes[0], parameters));
        return;
      }
      if (!(rows instanceof ArrayList)) {
        rows = new ArrayList<>(rows);
      }
      for (String prefix : bucketPrefixes) {
        rows.add(entry(prefix, parameters));
      }
    }

    private BucketRow entry(String prefix, String parameters) {
      return new BucketRow(new BucketName(prefix.concat(parameters)), outputTable, id, data);
    }
  }
}
