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
}
