package org.powersync.jakarta.storage;

/**
 * The number of an operation, from one sequence for all streams; a decimal string on the wire.
 *
 * @param value 0 (before every operation) or greater
 */
public record OpId(long value) implements Comparable<OpId> {
  public static final OpId ZERO = new OpId(0);

  public OpId {
    if (value < 0) {
      throw new IllegalArgumentException("negative operation id " + value);
    }
  }

  /** Parses the decimal form; throws {@link NumberFormatException} for anything else. */
  public static OpId parse(String text) {
    return new OpId(Long.parseUnsignedLong(text));
  }

  @Override
  public int compareTo(OpId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
