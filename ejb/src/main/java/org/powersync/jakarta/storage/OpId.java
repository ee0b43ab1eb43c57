package org.powersync.jakarta.storage;

/**
 * The number of an operation, from one sequence for all streams; a decimal string on the wire.
 *
 * @param value 0 stands before every operation; so does a negative position that a client claims
 */
public record OpId(long value) implements Comparable<OpId> {
  public static final OpId ZERO = new OpId(0);

  /** Parses the decimal form; throws {@link NumberFormatException} for anything else. */
  public static OpId parse(String text) {
    return new OpId(Long.parseLong(text));
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
