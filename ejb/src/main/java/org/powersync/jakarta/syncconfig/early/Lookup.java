package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.expression.PerLayout;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.expression.RowInputs;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A use of a subquery in a variant, with the number that tells its lookups from others. Immutable.
 */
record Lookup(String stream, String queryId, Subquery subquery) {
  private static final List<String> RESULT = List.of("result");

  /** What a request asks for; none means that nothing can be found. */
  List<ParameterLookup> lookups(Inputs request) {
    for (Term.RequestFilter filter : subquery.requestFilters()) {
      if (!Casts.truth(filter.condition().compute(request))) {
        return List.of();
      }
    }
    return keys(subquery.keys().stream().map(key -> key.request().of(request)).toList());
  }

  private List<ParameterLookup> keys(List<List<SqlValue>> values) {
    return Values.combinations(values).stream()
        .map(key -> new ParameterLookup(stream, queryId, List.of(key)))
        .toList();
  }

  /** The value a result row stands for; NULL is one. */
  static SqlValue result(OutputRow row) {
    return row.values().isEmpty() ? SqlValue.NULL : row.values().get(0);
  }

  /** The query over the rows of one table. */
  RowQuery<ParameterEntry> over(TableName table) {
    return new OverTable(SqlValue.of(subquery.table().suffixOf(table)));
  }

  private final class OverTable implements RowQuery<ParameterEntry> {
    private final SqlValue tableSuffix;
    private final PerLayout<int[]> positions =
        new PerLayout<>(layout -> RowColumns.positions(subquery.columns(), layout));

    OverTable(SqlValue tableSuffix) {
      this.tableSuffix = tableSuffix;
    }

    @Override
    public String definition() {
      return stream;
    }

    @Override
    public String sql() {
      return subquery.sql();
    }

    @Override
    public List<ParameterEntry> evaluate(SourceRow row) {
      RowInputs inputs = new RowInputs(row, positions.of(row.layout()), tableSuffix);
      for (Term.RowFilter filter : subquery.rowFilters()) {
        if (!Casts.truth(filter.condition().compute(inputs))) {
          return List.of();
        }
      }
      SqlValue result = subquery.result().compute(inputs);
      if (result instanceof SqlValue.Blob) {
        return List.of();
      }
      List<OutputRow> rows = List.of(new OutputRow(RESULT, List.of(result)));
      List<List<SqlValue>> values = new ArrayList<>();
      subquery.keys().forEach(key -> values.add(key.row().of(inputs)));
      return keys(values).stream().map(lookup -> new ParameterEntry(lookup, rows)).toList();
    }
  }
}
