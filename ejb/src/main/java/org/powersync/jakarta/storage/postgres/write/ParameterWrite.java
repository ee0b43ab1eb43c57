package org.powersync.jakarta.storage.postgres.write;

import java.nio.charset.StandardCharsets;
import org.powersync.jakarta.storage.postgres.format.ParameterRowsText;

/**
 * A parameter row to be written.
 *
 * @param json array of result rows in UTF-8, {@link #TOMBSTONE} when the row left the lookup
 */
record ParameterWrite(RowKey row, LookupKey lookup, byte[] json) {
  static final byte[] TOMBSTONE = ParameterRowsText.TOMBSTONE.getBytes(StandardCharsets.US_ASCII);
}
