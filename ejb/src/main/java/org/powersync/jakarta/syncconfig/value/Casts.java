package org.powersync.jakarta.syncconfig.value;

import java.nio.charset.StandardCharsets;

/** Conversions between the kinds of values (sync config section 6.4). NULL stays NULL. */
public final class Casts {
  private static final SqlValue TRUE = SqlValue.of(1);
  private static final SqlValue FALSE = SqlValue.of(0);
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private Casts() {}

  /** The TEXT form, or null for NULL. */
  public static String text(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return text.value();
    }
    if (value instanceof SqlValue.Blob blob) {
      String text = new String(blob.bytes(), StandardCharsets.UTF_8);
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }
    if (value instanceof SqlValue.RawJson raw) {
      return JsonBuffer.textOf(raw.value());
    }
    return NumberText.of(value);
  }

  public static SqlValue toText(SqlValue value) {
    return value instanceof SqlValue.Text ? value : SqlValue.of(text(value));
  }

  /** REAL is rounded down; what is no finite number fails. */
  public static SqlValue toInteger(SqlValue value) {
    if (value instanceof SqlValue.Int || value instanceof SqlValue.BigInt) {
      return value;
    }
    if (value instanceof SqlValue.Real real) {
      double floor = Math.floor(real.value());
      if (Double.isNaN(floor) || Double.isInfinite(floor)) {
        throw new EvaluationException(
            "integer-cast-not-finite", "NaN and infinities cannot be cast to INTEGER");
      }
      return NumberText.integralAsInteger(floor);
    }
    String text = text(value);
    return text == null ? SqlValue.NULL : NumberPrefix.integer(text);
  }

  public static SqlValue toReal(SqlValue value) {
    if (value instanceof SqlValue.Real) {
      return value;
    }
    if (value instanceof SqlValue.Int || value instanceof SqlValue.BigInt) {
      return SqlValue.of(asDouble(value));
    }
    String text = text(value);
    return text == null ? SqlValue.NULL : SqlValue.of(NumberPrefix.real(text));
  }

  public static SqlValue toNumeric(SqlValue value) {
    if (value instanceof SqlValue.Int
        || value instanceof SqlValue.Real
        || value instanceof SqlValue.BigInt) {
      return value;
    }
    String text = text(value);
    return text == null ? SqlValue.NULL : NumberPrefix.numeric(text);
  }

  public static SqlValue toBlob(SqlValue value) {
    if (value instanceof SqlValue.Blob) {
      return value;
    }
    byte[] bytes = bytes(value);
    return bytes == null ? SqlValue.NULL : new SqlValue.Blob(bytes);
  }

  /** The bytes of a BLOB, or of the TEXT form in UTF-8; null for NULL. */
  public static byte[] bytes(SqlValue value) {
    if (value instanceof SqlValue.Blob blob) {
      return blob.bytes();
    }
    String text = text(value);
    return text == null ? null : utf8(text);
  }

  /** Truth of a condition (sync config section 5.1). */
  public static boolean truth(SqlValue value) {
    if (value instanceof SqlValue.Int integer) {
      return integer.value() != 0;
    }
    if (value instanceof SqlValue.Text text) {
      return NumberPrefix.nonZero(text.value());
    }
    if (value instanceof SqlValue.Real real) {
      return real.value() != 0 && !Double.isNaN(real.value());
    }
    return value instanceof SqlValue.BigInt;
  }

  /** INTEGER 1 or 0. */
  public static SqlValue bool(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** A number of any kind as double. */
  static double asDouble(SqlValue number) {
    if (number instanceof SqlValue.Int integer) {
      return integer.value();
    }
    if (number instanceof SqlValue.BigInt integer) {
      return integer.value().doubleValue();
    }
    return ((SqlValue.Real) number).value();
  }

  /** UTF-8 with U+FFFD for unpaired surrogates, where Java would write a question mark. */
  private static byte[] utf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .getBytes(StandardCharsets.UTF_8);
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
