package org.powersync.jakarta.storage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/** Lookups have more result rows than the caller allows (PSYNC_S2305). */
public final class TooManyRowsException extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  private final transient Map<ParameterLookup, Integer> found;
  private final transient ParameterLookup last;

  /**
   * @param rows of each lookup that was read until the limit was exceeded
   * @param last the lookup that was read then
   */
  public TooManyRowsException(
      int limit, Map<ParameterLookup, List<OutputRow>> rows, ParameterLookup last) {
    super(ErrorCode.PSYNC_S2305, "Too many parameter results (limit was " + limit + ")");
    Map<ParameterLookup, Integer> counts = new LinkedHashMap<>();
    rows.forEach((lookup, results) -> counts.put(lookup, results.size()));
    this.found = Collections.unmodifiableMap(counts);
    this.last = last;
  }

  /** How many rows each lookup has that was read until the limit was exceeded. */
  public Map<ParameterLookup, Integer> found() {
    return found;
  }

  /** The lookup that exceeded the limit. */
  public ParameterLookup last() {
    return last;
  }
}
