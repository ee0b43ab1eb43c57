package org.powersync.jakarta.syncconfig.value;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A value of the sync config language (sync config section 5.1). Immutable; safe for all threads.
 *
 * <p>Integers are unbounded: {@link Int} holds what fits 64 bits, {@link BigInt} only what does
 * not, so that equal numbers are equal objects. {@link Absent} is not a value of the language but a
 * hole in a row: an unchanged TOAST column that storage has yet to fill in.
 */
public sealed interface SqlValue {
  /** SQL NULL. */
  SqlValue NULL = Null.INSTANCE;

  /** A column whose value the source did not send. */
  SqlValue ABSENT = Absent.INSTANCE;

  static SqlValue of(long value) {
    return new Int(value);
  }

  static SqlValue of(BigInteger value) {
    return value.bitLength() < Long.SIZE ? new Int(value.longValue()) : new BigInt(value);
  }

  static SqlValue of(double value) {
    return new Real(value);
  }

  /** Text, or NULL for null. */
  static SqlValue of(String value) {
    return value == null ? NULL : new Text(value);
  }

  /** SQL NULL. */
  enum Null implements SqlValue {
    INSTANCE
  }

  /** Not present in the row at hand. */
  enum Absent implements SqlValue {
    INSTANCE
  }

  /** INTEGER within 64 bits. */
  record Int(long value) implements SqlValue {}

  /** INTEGER outside 64 bits. */
  record BigInt(BigInteger value) implements SqlValue {
    public BigInt {
      if (value.bitLength() < Long.SIZE) {
        throw new IllegalArgumentException("fits 64 bits");
      }
    }
  }

  /** REAL, an IEEE double; NaN and infinities occur. */
  record Real(double value) implements SqlValue {}

  /** TEXT, a sequence of UTF-16 units. */
  record Text(String value) implements SqlValue {
    public Text {
      Objects.requireNonNull(value);
    }
  }

  /** BLOB. The array is not copied: nobody changes it after construction. */
  record Blob(byte[] bytes) implements SqlValue {
    public Blob {
      Objects.requireNonNull(bytes);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Blob that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Blob[" + HexFormat.of().formatHex(bytes) + "]";
    }
  }

  /**
   * A JSON boolean, array or object (as {@link Boolean}, {@link java.util.List}, {@link
   * java.util.Map} with plain Java content). Not a value of the language either: the older
   * evaluators let elements of request arrays through unconverted, into lookup keys only (sync
   * config section 7.1).
   */
  record RawJson(Object value) implements SqlValue {}
}
