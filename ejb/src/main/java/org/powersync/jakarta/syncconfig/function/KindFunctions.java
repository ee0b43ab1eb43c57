package org.powersync.jakarta.syncconfig.function;

import static org.powersync.jakarta.syncconfig.function.TextFunctions.argument;

import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Functions that look at the kind or truth of a value. */
final class KindFunctions {
  private static final SqlValue NULL_NAME = SqlValue.of("null");
  private static final SqlValue INTEGER_NAME = SqlValue.of("integer");
  private static final SqlValue REAL_NAME = SqlValue.of("real");
  private static final SqlValue TEXT_NAME = SqlValue.of("text");
  private static final SqlValue BLOB_NAME = SqlValue.of("blob");

  private KindFunctions() {}

  static void register(ScalarFunctions functions) {
    functions.add("typeof", 1, 1, arguments -> typeof(argument(arguments, 0)));
    functions.add("ifnull", 2, 2, KindFunctions::ifnull);
    functions.add("iif", 3, 3, KindFunctions::iif);
  }

  private static SqlValue typeof(SqlValue value) {
    if (value instanceof SqlValue.Text) {
      return TEXT_NAME;
    }
    if (value instanceof SqlValue.Int || value instanceof SqlValue.BigInt) {
      return INTEGER_NAME;
    }
    if (value instanceof SqlValue.Real) {
      return REAL_NAME;
    }
    return value instanceof SqlValue.Blob ? BLOB_NAME : NULL_NAME;
  }

  private static SqlValue ifnull(SqlValue[] arguments) {
    SqlValue value = argument(arguments, 0);
    return value == SqlValue.NULL ? argument(arguments, 1) : value;
  }

  private static SqlValue iif(SqlValue[] arguments) {
    return argument(arguments, Casts.truth(argument(arguments, 0)) ? 1 : 2);
  }
}
