package org.powersync.jakarta.storage;

import org.powersync.jakarta.syncconfig.TableName;

/**
 * A row that is missing somewhere because a query failed on it, because it is too large, or because
 * it cannot be decoded. Names no row and holds no data of one. Immutable.
 *
 * @param definition the bucket definition, stream or event; empty text when the row is in none
 * @param about the code of sync config section 13, such as {@code invalid-json}, {@link #TOO_LARGE}
 *     or {@link #UNDECODABLE}
 * @param text for the operator
 */
public record RowFailure(
    GroupId stream, TableName table, String definition, String about, String text) {
  /** {@link #about} of rows that are larger than storage takes. */
  public static final String TOO_LARGE = "row-too-large";

  /** {@link #about} of rows with a value that cannot be read. */
  public static final String UNDECODABLE = "undecodable-value";
}
