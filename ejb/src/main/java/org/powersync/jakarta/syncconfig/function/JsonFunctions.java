package org.powersync.jakarta.syncconfig.function;

import static org.powersync.jakarta.syncconfig.function.TextFunctions.argument;

import java.util.List;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.JsonPath;
import org.powersync.jakarta.syncconfig.value.JsonReader;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Functions of JSON texts. */
final class JsonFunctions {
  private JsonFunctions() {}

  static void register(ScalarFunctions functions, boolean fixed) {
    functions.add(
        "json_extract",
        2,
        2,
        arguments -> extract(argument(arguments, 0), argument(arguments, 1), fixed));
    functions.add("json_array_length", 1, 2, arguments -> arrayLength(arguments, fixed));
    functions.add("json_valid", 1, 1, JsonFunctions::valid);
    functions.add("json_keys", 1, 1, arguments -> JsonValues.keys(argument(arguments, 0)));
  }

  private static SqlValue extract(SqlValue document, SqlValue path, boolean fixed) {
    if (document == SqlValue.NULL || path == SqlValue.NULL) {
      return SqlValue.NULL;
    }
    return JsonPath.rooted(Casts.text(path), fixed).value(document);
  }

  private static SqlValue arrayLength(SqlValue[] arguments, boolean fixed) {
    SqlValue document = argument(arguments, 0);
    if (arguments.length > 1) {
      document = extract(document, arguments[1], fixed);
    }
    if (document == SqlValue.NULL) {
      return SqlValue.NULL;
    }
    return SqlValue.of(JsonValues.parse(document) instanceof List<?> list ? list.size() : 0);
  }

  private static SqlValue valid(SqlValue[] arguments) {
    String text = Casts.text(argument(arguments, 0));
    if (text == null) {
      return Casts.bool(false);
    }
    try {
      JsonReader.read(text, JsonReader.Numbers.EXACT);
      return Casts.bool(true);
    } catch (JsonReader.MalformedJsonException malformed) {
      return Casts.bool(false);
    }
  }
}
