package org.powersync.jakarta.syncconfig;

import java.util.List;

/** What one source row contributes to one lookup: the key and its result rows, never empty. */
public record ParameterEntry(ParameterLookup lookup, List<OutputRow> rows) {
  public ParameterEntry {
    rows = List.copyOf(rows);
  }
}
