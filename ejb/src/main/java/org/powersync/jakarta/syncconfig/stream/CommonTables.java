package org.powersync.jakarta.syncconfig.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.NamedSql;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** Common table expressions by name, in any case; those of a stream hide the global ones. */
final class CommonTables {
  /** There are none. */
  static final CommonTables NONE = new CommonTables(Optional.empty());

  private final Optional<CommonTables> global;
  private final Map<String, Query> queries = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  /** A parsed query with its text; empty when it could not be parsed, which was reported. */
  record Query(NamedSql definition, Optional<Statement.Select> select) {
    SqlText sql() {
      return definition.sql();
    }
  }

  private CommonTables(Optional<CommonTables> global) {
    this.global = global;
  }

  CommonTables(Optional<CommonTables> global, List<NamedSql> definitions, Report report) {
    this(global);
    for (NamedSql definition : definitions) {
      queries.put(
          key(definition.name()), new Query(definition, Selects.parse(definition.sql(), report)));
    }
  }

  /** The query of that name, which counts as used from now on. */
  Optional<Query> use(String name) {
    Query query = queries.get(key(name));
    if (query == null) {
      return global.flatMap(tables -> tables.use(name));
    }
    used.add(key(name));
    return Optional.of(query);
  }

  /** Checks what nobody asked for: it may be wrong, and it is worth a warning. */
  void finish(Report report) {
    queries.forEach(
        (name, query) -> {
          if (!used.contains(name) && query.select().isPresent()) {
            new QueryCompiler(query.sql(), NONE, report)
                .derived(query.select().get(), Optional.empty());
            report.warning(
                "cte-unused",
                "No query uses " + query.definition().name(),
                query.definition().namePlace());
          }
        });
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
