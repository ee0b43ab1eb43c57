package org.powersync.jakarta.syncconfig.yaml;

/**
 * A part of the document, in UTF-16 offsets.
 *
 * @param start the first unit
 * @param end behind the last one; a value at the end of a line includes the line break
 */
public record Place(int start, int end) {
  /** Where messages without a place of their own are put. */
  static final Place NONE = new Place(0, 10);
}
