package org.powersync.jakarta.syncconfig.yaml;

import java.util.List;
import java.util.OptionalInt;

/**
 * A stream as written (sync config section 2).
 *
 * @param namePlace where the name stands
 * @param queries in order; edition 2 has at most one
 * @param with its own common table expressions, before which the global ones stand back
 * @param priority when given; edition 2 ignores it
 * @param acceptDangerous silences {@code dangerous-parameters}
 */
public record StreamDefinition(
    String name,
    Place namePlace,
    List<SqlText> queries,
    List<NamedSql> with,
    boolean autoSubscribe,
    OptionalInt priority,
    boolean acceptDangerous) {
  public StreamDefinition {
    queries = List.copyOf(queries);
    with = List.copyOf(with);
  }
}
