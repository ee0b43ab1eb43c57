package org.powersync.jakarta.syncconfig.sqlite;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.function.ScalarFunction;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Functions that SQLite has; all others keep the rules of the language. */
public final class SqliteFunctions {
  /** Longer than any text may be. */
  private static final long LONGEST = 1_000_000_000;

  private static final HexFormat UPPER_HEX = HexFormat.of().withUpperCase();
  private static final Map<String, ScalarFunction> FUNCTIONS = new HashMap<>();

  static {
    FUNCTIONS.put("length", SqliteFunctions::length);
    FUNCTIONS.put("substring", SqliteFunctions::substring);
    FUNCTIONS.put("instr", SqliteFunctions::instr);
    FUNCTIONS.put("hex", SqliteFunctions::hex);
    FUNCTIONS.put("iif", a -> a[SqliteOperators.isTrue(a[0]) ? 1 : 2]);
    FUNCTIONS.put("->", SqliteJson::member);
    FUNCTIONS.put("->>", SqliteJson::memberAsValue);
    FUNCTIONS.put("json_extract", SqliteJson::extract);
    FUNCTIONS.put("json_array_length", SqliteJson::arrayLength);
  }

  private SqliteFunctions() {}

  /** The function of that name in lower case; the number of arguments was checked before. */
  public static Optional<ScalarFunction> find(String name) {
    return Optional.ofNullable(FUNCTIONS.get(name));
  }

  /** Code points up to a NUL; bytes of a BLOB. */
  private static SqlValue length(SqlValue[] arguments) {
    if (arguments[0] instanceof SqlValue.Blob blob) {
      return SqlValue.of(blob.bytes().length);
    }
    String text = SqliteNumbers.text(arguments[0]);
    if (text == null) {
      return SqlValue.NULL;
    }
    int end = text.indexOf('\0');
    return SqlValue.of(text.codePointCount(0, end < 0 ? text.length() : end));
  }

  private static SqlValue substring(SqlValue[] arguments) {
    if (Arrays.asList(arguments).contains(SqlValue.NULL)) {
      return SqlValue.NULL;
    }
    long start = SqliteNumbers.asInteger(arguments[1]);
    long count = arguments.length > 2 ? SqliteNumbers.asInteger(arguments[2]) : LONGEST;
    if (arguments[0] instanceof SqlValue.Blob blob) {
      byte[] bytes = blob.bytes();
      if (bytes.length == 0) {
        return SqlValue.NULL;
      }
      Part part = Part.of(start, count, bytes.length);
      return new SqlValue.Blob(Arrays.copyOfRange(bytes, part.from, part.to));
    }
    String text = SqliteNumbers.text(arguments[0]);
    Part part = Part.of(start, count, text.codePointCount(0, text.length()));
    int from = text.offsetByCodePoints(0, part.from);
    return SqlValue.of(text.substring(from, text.offsetByCodePoints(from, part.to - part.from)));
  }

  /** From and to, within the length. */
  private record Part(int from, int to) {
    static Part of(long start, long count, int length) {
      long from = start;
      boolean backwards = count < 0;
      long size = count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
      if (from < 0) {
        from += length;
        if (from < 0) {
          // What is before the beginning counts.
          size = Math.max(0, size + from);
          from = 0;
        }
      } else if (from > 0) {
        from--;
      } else if (size > 0) {
        size--;
      }
      long to = backwards ? from : from > length ? from : from + Math.min(size, length);
      from = backwards ? Math.max(0, from - size) : from;
      return new Part(
          (int) Math.max(0, Math.min(length, from)), (int) Math.max(0, Math.min(length, to)));
    }
  }

  private static SqlValue instr(SqlValue[] arguments) {
    SqlValue hay = arguments[0];
    SqlValue needle = arguments[1];
    if (hay == SqlValue.NULL || needle == SqlValue.NULL) {
      return SqlValue.NULL;
    }
    if (hay instanceof SqlValue.Blob a && needle instanceof SqlValue.Blob b) {
      // As texts of one unit a byte.
      return SqlValue.of(latin(a).indexOf(latin(b)) + 1L);
    }
    String text = SqliteNumbers.text(hay);
    int at = text.indexOf(SqliteNumbers.text(needle));
    return SqlValue.of(at < 0 ? 0 : text.codePointCount(0, at) + 1L);
  }

  private static String latin(SqlValue.Blob blob) {
    return new String(blob.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static SqlValue hex(SqlValue[] arguments) {
    return SqlValue.of(
        arguments[0] == SqlValue.NULL
            ? ""
            : UPPER_HEX.formatHex(SqliteNumbers.bytes(arguments[0])));
  }
}
