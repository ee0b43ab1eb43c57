package org.powersync.jakarta.syncconfig.value;

import java.util.List;

/**
 * Row JSON and number text, byte for byte as clients and checksums need it (storage section 3.6).
 */
public final class RowJson {
  private RowJson() {}

  /** Compact JSON object in UTF-8: integer-like names first, ascending, then the rest in order. */
  public static byte[] write(List<String> names, List<SqlValue> values) {
    throw new UnsupportedOperationException("being written");
  }
}
