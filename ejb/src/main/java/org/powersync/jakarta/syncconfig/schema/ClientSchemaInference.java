package org.powersync.jakarta.syncconfig.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;

/** Works out the columns of output tables. Used by one thread. */
final class ClientSchemaInference {
  private static final String ID = "id";
  private static final String TABLE_SUFFIX = "_table_suffix";

  private final SourceSchema source;
  private final boolean compiled;
  private final Map<String, Map<String, Inferred>> tables = new LinkedHashMap<>();

  private record Inferred(ValueKinds kinds, Optional<String> sourceType) {
    /** Of two queries for the same column. */
    Inferred or(Inferred other) {
      return new Inferred(
          kinds.or(other.kinds),
          sourceType.equals(other.sourceType) ? sourceType : Optional.empty());
    }
  }

  ClientSchemaInference(SourceSchema source, int edition) {
    this.source = source;
    this.compiled = edition >= 3;
  }

  ClientSchema of(List<ResultTable> results) {
    results.forEach(this::add);
    List<ClientSchema.Table> found = new ArrayList<>();
    tables.forEach(
        (name, columns) -> {
          List<ClientSchema.Column> list = new ArrayList<>();
          columns.forEach(
              (column, inferred) ->
                  list.add(
                      new ClientSchema.Column(
                          column, inferred.kinds.clientType(), inferred.sourceType)));
          found.add(new ClientSchema.Table(name, list));
        });
    return new ClientSchema(found);
  }

  private void add(ResultTable result) {
    List<SourceSchema.Table> known = source.matching(result.source());
    if (known.isEmpty() && !compiled) {
      // An unknown table still is one, so that the client's view of it exists.
      result.outputTable().ifPresent(name -> tables.putIfAbsent(name, new LinkedHashMap<>()));
    }
    for (SourceSchema.Table table : known) {
      String name = result.outputTable().orElse(table.name().name());
      Map<String, Inferred> columns = tables.computeIfAbsent(name, n -> new LinkedHashMap<>());
      columns(result.columns(), table)
          .forEach(
              (column, inferred) ->
                  columns.merge(
                      column, inferred, (first, next) -> compiled ? first.or(next) : first));
    }
  }

  private Map<String, Inferred> columns(List<SelectColumn> selected, SourceSchema.Table table) {
    Map<String, Inferred> columns = new LinkedHashMap<>();
    KindInference inference = new KindInference(name -> kinds(table, name));
    for (SelectColumn column : selected) {
      if (column.expression() instanceof Expression.Star) {
        for (SourceSchema.Column all : table.columns()) {
          if (compiled || !all.name().startsWith("_")) {
            columns.putIfAbsent(all.name(), new Inferred(all.kinds(), all.sourceType()));
          }
        }
        continue;
      }
      columns.put(
          name(column),
          new Inferred(inference.of(column.expression()), sourceType(table, column.expression())));
    }
    columns.remove(ID);
    return columns;
  }

  private static String name(SelectColumn column) {
    if (column.alias().isPresent()) {
      return column.alias().get().name();
    }
    return column.expression() instanceof Expression.ColumnReference reference
        ? reference.column().name()
        : column.expression().toString();
  }

  private static ValueKinds kinds(SourceSchema.Table table, String column) {
    if (column.equals(TABLE_SUFFIX)) {
      return ValueKinds.TEXT;
    }
    return column(table, column).map(SourceSchema.Column::kinds).orElse(ValueKinds.NONE);
  }

  private static Optional<String> sourceType(SourceSchema.Table table, Expression expression) {
    return expression instanceof Expression.ColumnReference reference
        ? column(table, reference.column().name()).flatMap(SourceSchema.Column::sourceType)
        : Optional.empty();
  }

  private static Optional<SourceSchema.Column> column(SourceSchema.Table table, String name) {
    return table.columns().stream().filter(column -> column.name().equals(name)).findFirst();
  }
}
