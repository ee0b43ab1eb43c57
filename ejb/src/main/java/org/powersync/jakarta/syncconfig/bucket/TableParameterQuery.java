package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.PerLayout;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.expression.RowInputs;
import org.powersync.jakarta.syncconfig.query.Match;
import org.powersync.jakarta.syncconfig.query.MatchPart;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.JsonReader;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A query over a table: rows are written as lookups, requests read them (sync config section 7.3).
 *
 * @param sql the query as written
 * @param queryId the query's number in its definition
 * @param columns the columns read, by slot
 * @param match what relates rows and requests
 * @param rowColumns the output columns that the row gives
 * @param requestColumns the output columns that the request gives
 */
record TableParameterQuery(
    int priority,
    String definition,
    String sql,
    String queryId,
    TablePattern table,
    List<String> columns,
    Match match,
    List<String> parameters,
    List<RowColumn> rowColumns,
    List<RequestColumn> requestColumns)
    implements ParameterQuery {

  /** An output column that the row gives. */
  record RowColumn(String name, int slot) {}

  /** The query over the rows of one table. */
  RowQuery<ParameterEntry> overRows() {
    return new OverRows();
  }

  private final class OverRows implements RowQuery<ParameterEntry> {
    private final PerLayout<int[]> positions =
        new PerLayout<>(layout -> RowColumns.positions(columns, layout));

    @Override
    public String definition() {
      return definition;
    }

    @Override
    public String sql() {
      return sql;
    }

    @Override
    public List<ParameterEntry> evaluate(SourceRow row) {
      RowInputs inputs = new RowInputs(row, positions.of(row.layout()), SqlValue.NULL);
      List<SqlValue[]> combinations = match.combinations().of(inputs);
      if (combinations.isEmpty()) {
        return List.of();
      }
      List<OutputRow> result = List.of(result(inputs));
      List<ParameterEntry> entries = new ArrayList<>(combinations.size());
      for (SqlValue[] key : combinations) {
        entries.add(new ParameterEntry(lookup(List.of(key)), result));
      }
      return entries;
    }
  }

  private OutputRow result(RowInputs row) {
    List<String> names = new ArrayList<>(rowColumns.size());
    List<SqlValue> values = new ArrayList<>(rowColumns.size());
    for (RowColumn column : rowColumns) {
      SqlValue value = row.raw(column.slot());
      if (value != SqlValue.ABSENT && !(value instanceof SqlValue.Blob)) {
        names.add(column.name());
        values.add(value);
      }
    }
    return new OutputRow(names, values);
  }

  private ParameterLookup lookup(List<SqlValue> key) {
    return new ParameterLookup(definition, queryId, key);
  }

  /** What a request asks for; duplicates are kept, no lookup means no bucket. */
  List<ParameterLookup> lookups(RequestValues request) {
    List<MatchPart> parts = match.parts();
    SqlValue[] key = new SqlValue[parts.size()];
    int expanding = -1;
    for (int i = 0; i < key.length; i++) {
      MatchPart part = parts.get(i);
      SqlValue value = part.value().compute(request);
      key[i] = part.kind() == MatchPart.Kind.TRUTH ? Casts.bool(Casts.truth(value)) : value;
      if (part.kind() == MatchPart.Kind.EXPANDING) {
        expanding = i;
      } else if (key[i] instanceof SqlValue.Blob) {
        return List.of();
      }
    }
    if (expanding < 0) {
      return List.of(lookup(List.of(key)));
    }
    List<ParameterLookup> lookups = new ArrayList<>();
    for (Object element : elements(key[expanding]).orElse(List.of())) {
      key[expanding] = JsonValues.unconverted(element);
      lookups.add(lookup(List.of(key.clone())));
    }
    return lookups;
  }

  /** The elements of a JSON array; anything else just asks for nothing. */
  private static Optional<List<?>> elements(SqlValue array) {
    try {
      return Optional.of(JsonValues.array(array, JsonReader.Numbers.DOUBLES));
    } catch (EvaluationException noArray) {
      return Optional.empty();
    }
  }

  /** The request's share of the bucket parameters, by position; null where the row gives them. */
  SqlValue[] requestParameters(RequestValues request) {
    SqlValue[] values = new SqlValue[parameters.size()];
    for (RequestColumn column : requestColumns) {
      values[parameters.indexOf(column.name())] = column.computation().compute(request);
    }
    return values;
  }

  /** The bucket parameters of one result row. */
  SqlValue[] bucket(SqlValue[] requestParameters, OutputRow row) {
    SqlValue[] values = requestParameters.clone();
    for (RowColumn column : rowColumns) {
      int index = row.names().indexOf(column.name());
      values[parameters.indexOf(column.name())] =
          index < 0 ? SqlValue.NULL : row.values().get(index);
    }
    return values;
  }
}
