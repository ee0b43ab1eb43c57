package org.powersync.jakarta.syncconfig.sqlite;

import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What an operand makes of the other one in a comparison; only casts have any. */
public enum Affinity {
  /** Of everything but casts. */
  NONE,
  /** Of a cast to BLOB: leaves values as they are, but hinders TEXT. */
  BLOB,
  /** Turns numbers into text. */
  TEXT,
  /** Turns texts that are numbers into numbers. */
  NUMERIC;

  /** The affinity of a cast, by its type in lower case. */
  public static Affinity ofCast(String type) {
    return switch (type) {
      case "text" -> TEXT;
      case "integer", "real", "numeric" -> NUMERIC;
      case "blob" -> BLOB;
      default -> NONE;
    };
  }

  /** What is done to both operands of a comparison. */
  Affinity with(Affinity other) {
    if (this == NUMERIC || other == NUMERIC) {
      return NUMERIC;
    }
    if (this == NONE || other == NONE) {
      return this == NONE ? other : this;
    }
    return BLOB;
  }

  /** One operand of a comparison made ready; {@code other} decides whether text matters at all. */
  SqlValue applied(SqlValue value, SqlValue other) {
    boolean text = value instanceof SqlValue.Text || other instanceof SqlValue.Text;
    if (!text) {
      return value;
    }
    return switch (this) {
      case NUMERIC -> SqliteNumbers.numericIfWellFormed(value);
      case TEXT ->
          value instanceof SqlValue.Int || value instanceof SqlValue.Real
              ? SqlValue.of(SqliteNumbers.text(value))
              : value;
      case NONE, BLOB -> value;
    };
  }
}
