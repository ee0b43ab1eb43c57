package org.powersync.jakarta.syncconfig.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  ClientSchema of(List<ResultTable> results, List<SubscribableStream> streams) {
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
    return new ClientSchema(found, streams.stream().map(this::stream).toList());
  }

  private ClientSchema.Stream stream(SubscribableStream stream) {
    return new ClientSchema.Stream(
        stream.name(),
        stream.parameters().stream()
            .map(
                parameter ->
                    new ClientSchema.Parameter(parameter.name(), type(parameter.compared())))
            .toList());
  }

  private Optional<ClientType> type(List<SubscribableStream.Compared> compared) {
    ValueKinds kinds = ValueKinds.NONE;
    for (SubscribableStream.Compared expression : compared) {
      for (SourceSchema.Table table : source.matching(expression.table())) {
        kinds = kinds.or(expression.kinds().over(column -> kinds(table, column)));
      }
    }
    // Blobs are never keys of buckets; what may be either text or number stays open.
    ValueKinds possible = kinds.without(ValueKinds.BLOB);
    return possible.within(ValueKinds.NUMBER) || possible.within(ValueKinds.TEXT)
        ? Optional.of(possible.clientType())
        : Optional.empty();
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

  private Map<String, Inferred> columns(List<ResultColumn> selected, SourceSchema.Table table) {
    Map<String, Inferred> columns = new LinkedHashMap<>();
    for (ResultColumn column : selected) {
      if (column instanceof ResultColumn.Named named) {
        columns.put(
            named.name(),
            new Inferred(
                named.kinds().over(name -> kinds(table, name)),
                named.sourceColumn().flatMap(name -> sourceType(table, name))));
        continue;
      }
      for (SourceSchema.Column all : table.columns()) {
        Inferred inferred = new Inferred(all.kinds(), all.sourceType());
        if (compiled) {
          columns.put(all.name(), inferred);
        } else if (!all.name().startsWith("_")) {
          columns.putIfAbsent(all.name(), inferred);
        }
      }
    }
    columns.remove(ID);
    return columns;
  }

  private static ValueKinds kinds(SourceSchema.Table table, String column) {
    if (column.equals(TABLE_SUFFIX)) {
      return ValueKinds.TEXT;
    }
    return column(table, column).map(SourceSchema.Column::kinds).orElse(ValueKinds.NONE);
  }

  private static Optional<String> sourceType(SourceSchema.Table table, String name) {
    return column(table, name).flatMap(SourceSchema.Column::sourceType);
  }

  private static Optional<SourceSchema.Column> column(SourceSchema.Table table, String name) {
    return table.columns().stream().filter(column -> column.name().equals(name)).findFirst();
  }
}
