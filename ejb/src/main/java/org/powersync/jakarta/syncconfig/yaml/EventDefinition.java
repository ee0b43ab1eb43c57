package org.powersync.jakarta.syncconfig.yaml;

import java.util.List;

/**
 * An event as written (sync config section 14).
 *
 * @param namePlace where the name stands
 * @param payloads its queries
 */
public record EventDefinition(String name, Place namePlace, List<SqlText> payloads) {
  public EventDefinition {
    payloads = List.copyOf(payloads);
  }

  /** An event as a stored plan keeps it, without its document. */
  public static EventDefinition stored(String name, List<String> payloads) {
    return new EventDefinition(name, Place.NONE, payloads.stream().map(SqlText::alone).toList());
  }
}
