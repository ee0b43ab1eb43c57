package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Writes the lookups of the rows of one table (sync config section 9.4). */
final class ParameterIndexQuery implements RowQuery<ParameterEntry> {
  private final String definition;
  private final String scope;
  private final String table;
  private final String queryId;
  private final RowProcessor processor;
  private final Computation[] outputs;
  private final List<String> outputNames;

  /**
   * @param definition the stream that the lookups are counted to
   */
  ParameterIndexQuery(
      String definition,
      SyncPlan.ParameterIndex index,
      TablePattern pattern,
      TableName table,
      ExpressionRules rules) {
    this.definition = definition;
    this.table = table.name();
    this.scope = index.scope();
    this.queryId = index.queryId();
    this.processor = new RowProcessor(index.processor(), pattern, table, rules);
    this.outputs = index.outputs().stream().map(processor::compile).toArray(Computation[]::new);
    this.outputNames = IntStream.range(0, outputs.length).mapToObj(Integer::toString).toList();
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
  public List<ParameterEntry> evaluate(SourceRow row) {
    Results results = new Results();
    processor.forEach(row, results);
    return results.entries();
  }

  /** Collects by key; most rows have a single one. */
  private final class Results implements RowProcessor.Visitor {
    private ParameterLookup firstLookup;
    private OutputRow firstRow;
    private Map<ParameterLookup, List<OutputRow>> all;

    @Override
    public void combination(RowContext context) {
      SqlValue[] values = new SqlValue[outputs.length];
      boolean usable = RowProcessor.all(outputs, context, values);
      SqlValue[] keys = processor.keys(context);
      if (!usable || keys == null) {
        return;
      }
      ParameterLookup lookup = new ParameterLookup(scope, queryId, Arrays.asList(keys));
      OutputRow row = new OutputRow(outputNames, Arrays.asList(values));
      if (firstLookup == null) {
        firstLookup = lookup;
        firstRow = row;
        return;
      }
      if (all == null) {
        all = new LinkedHashMap<>();
        add(firstLookup, firstRow);
      }
      add(lookup, row);
    }

    private void add(ParameterLookup lookup, OutputRow row) {
      all.computeIfAbsent(lookup, l -> new ArrayList<>()).add(row);
    }

    List<ParameterEntry> entries() {
      if (firstLookup == null) {
        return List.of();
      }
      if (all == null) {
        return List.of(new ParameterEntry(firstLookup, List.of(firstRow)));
      }
      List<ParameterEntry> entries = new ArrayList<>(all.size());
      all.forEach((lookup, rows) -> entries.add(new ParameterEntry(lookup, rows)));
      return entries;
    }
  }
}
