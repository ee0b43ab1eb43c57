package org.powersync.jakarta.syncconfig.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables that names in a query can mean, with those of the query around it.
 *
 * @param columns by the name a table goes by; empty where they are not known
 * @param outer of the query around this one
 */
record QueryTables(Map<String, Optional<Set<String>>> columns, Optional<QueryTables> outer) {
  static QueryTables within(Optional<QueryTables> outer) {
    return new QueryTables(new LinkedHashMap<>(), outer);
  }

  void add(String name, Optional<Set<String>> known) {
    columns.put(name, known);
  }

  /** Whether a column behind a table's name may be there. */
  boolean mayHave(String table, String column) {
    Optional<Set<String>> known = columns.get(table);
    if (known != null) {
      return known.isEmpty() || known.get().contains(column);
    }
    return outer.map(around -> around.mayHave(table, column)).orElse(true);
  }

  /** Whether a column without a table's name may be there. */
  boolean mayHave(String column) {
    boolean here =
        columns.values().stream()
            .anyMatch(known -> known.isEmpty() || known.get().contains(column));
    return here || outer.map(around -> around.mayHave(column)).orElse(columns.isEmpty());
  }
}
