package org.powersync.jakarta.syncconfig.yaml;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A bucket definition as written (sync config section 2, editions 1 and 2).
 *
 * @param namePlace where the name stands
 * @param parameters the parameter queries; empty when the key is absent, which means one query
 *     {@code SELECT} without columns; an empty list makes every data query fail
 * @param data the data queries
 * @param priority when given
 * @param acceptDangerous silences {@code dangerous-parameters}
 */
public record BucketDefinition(
    String name,
    Place namePlace,
    Optional<List<SqlText>> parameters,
    List<SqlText> data,
    OptionalInt priority,
    boolean acceptDangerous) {
  public BucketDefinition {
    parameters = parameters.map(List::copyOf);
    data = List.copyOf(data);
  }
}
