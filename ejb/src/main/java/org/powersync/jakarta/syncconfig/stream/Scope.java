package org.powersync.jakarta.syncconfig.stream;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;

/** The names of one query's FROM, and of the queries around it (sync config section 9.1). */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, Source> sources = new LinkedHashMap<>();

  /** What a name stands for. */
  sealed interface Source {
    /** A table or table function. */
    record Of(Item item) implements Source {}

    /**
     * A subquery or common table expression: its columns are expressions over other items.
     *
     * @param complete false when something in it was wrong, which was reported
     */
    record Derived(Map<String, PlanExpression<Reference>> columns, boolean complete)
        implements Source {}
  }

  Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  /** Adds a name, in any case; false when it is taken. */
  boolean add(String name, Source source) {
    return sources.putIfAbsent(key(name), source) == null;
  }

  /** The source of that name, in any case, here or further out. */
  Optional<Source> find(String name) {
    Source source = sources.get(key(name));
    return source != null ? Optional.of(source) : outer.flatMap(scope -> scope.find(name));
  }

  /** The innermost query that has sources. */
  Optional<Scope> innermost() {
    return sources.isEmpty() ? outer.flatMap(Scope::innermost) : Optional.of(this);
  }

  /** The sources of this query. */
  Map<String, Source> sources() {
    return sources;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
