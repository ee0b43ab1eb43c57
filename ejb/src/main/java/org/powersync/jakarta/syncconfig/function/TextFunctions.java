package org.powersync.jakarta.syncconfig.function;

import java.util.Locale;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Functions of texts. Lengths and positions count UTF-16 units. */
final class TextFunctions {
  private TextFunctions() {}

  static void register(ScalarFunctions functions) {
    functions.add("upper", 1, 1, TextFunctions::upper);
    functions.add("lower", 1, 1, TextFunctions::lower);
    functions.add("length", 1, 1, TextFunctions::length);
    functions.add("substring", 2, 3, TextFunctions::substring);
    functions.add("instr", 2, 2, TextFunctions::instr);
  }

  private static SqlValue upper(SqlValue[] arguments) {
    String text = Casts.text(argument(arguments, 0));
    return text == null ? SqlValue.NULL : SqlValue.of(text.toUpperCase(Locale.ROOT));
  }

  private static SqlValue lower(SqlValue[] arguments) {
    String text = Casts.text(argument(arguments, 0));
    return text == null ? SqlValue.NULL : SqlValue.of(text.toLowerCase(Locale.ROOT));
  }

  private static SqlValue length(SqlValue[] arguments) {
    if (argument(arguments, 0) instanceof SqlValue.Blob blob) {
      return SqlValue.of(blob.bytes().length);
    }
    String text = Casts.text(argument(arguments, 0));
    return text == null ? SqlValue.NULL : SqlValue.of(text.length());
  }

  private static SqlValue substring(SqlValue[] arguments) {
    String text = Casts.text(argument(arguments, 0));
    SqlValue from = argument(arguments, 1);
    boolean limited = arguments.length > 2;
    if (text == null || from == SqlValue.NULL || limited && arguments[2] == SqlValue.NULL) {
      return SqlValue.NULL;
    }
    long size = text.length();
    long start = clamped(from);
    long count = limited ? clamped(arguments[2]) : size;
    long begin;
    if (start > 0) {
      begin = start - 1;
    } else if (start < 0) {
      begin = Math.max(0, size + start);
    } else {
      begin = 0;
      count = limited ? count - 1 : count;
    }
    long end = begin + count;
    int low = (int) Math.max(0, Math.min(size, Math.min(begin, end)));
    int high = (int) Math.max(0, Math.min(size, Math.max(begin, end)));
    return SqlValue.of(text.substring(low, high));
  }

  /** The integer cast, kept within what no text is long enough for. */
  private static long clamped(SqlValue value) {
    SqlValue integer = Casts.toInteger(value);
    if (integer instanceof SqlValue.BigInt big) {
      return big.value().signum() * (long) Integer.MAX_VALUE;
    }
    long number = ((SqlValue.Int) integer).value();
    return Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, number));
  }

  private static SqlValue instr(SqlValue[] arguments) {
    SqlValue hay = argument(arguments, 0);
    SqlValue needle = argument(arguments, 1);
    if (hay instanceof SqlValue.Blob a && needle instanceof SqlValue.Blob b) {
      return SqlValue.of(indexOf(a.bytes(), b.bytes()) + 1L);
    }
    String text = Casts.text(hay);
    String sought = Casts.text(needle);
    return text == null || sought == null ? SqlValue.NULL : SqlValue.of(text.indexOf(sought) + 1L);
  }

  private static int indexOf(byte[] hay, byte[] needle) {
    for (int at = 0; at + needle.length <= hay.length; at++) {
      int i = 0;
      while (i < needle.length && hay[at + i] == needle[i]) {
        i++;
      }
      if (i == needle.length) {
        return at;
      }
    }
    return -1;
  }

  /** An argument, NULL when the caller left it out. */
  static SqlValue argument(SqlValue[] arguments, int index) {
    return index < arguments.length ? arguments[index] : SqlValue.NULL;
  }
}
