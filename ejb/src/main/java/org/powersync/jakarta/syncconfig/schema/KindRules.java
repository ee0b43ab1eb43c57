package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import java.util.Locale;

/** Which kinds operators, casts and functions give (sync config section 15). */
public final class KindRules {
  /** Any part of a JSON document. */
  public static final ValueKinds JSON_MEMBER = ValueKinds.ANY.without(ValueKinds.BLOB);

  private KindRules() {}

  /** {@code + - * /}. */
  public static ValueKinds arithmetic(ValueKinds left, ValueKinds right) {
    if (left.within(ValueKinds.INTEGER) && right.within(ValueKinds.INTEGER)) {
      return ValueKinds.INTEGER;
    }
    return left.within(ValueKinds.NUMBER) && right.within(ValueKinds.NUMBER)
        ? ValueKinds.REAL
        : ValueKinds.NUMBER;
  }

  /**
   * @param type in any case
   */
  public static ValueKinds cast(String type) {
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "text" -> ValueKinds.TEXT;
      case "integer" -> ValueKinds.INTEGER;
      case "real" -> ValueKinds.REAL;
      case "blob" -> ValueKinds.BLOB;
      default -> ValueKinds.NUMBER;
    };
  }

  /**
   * @param function in any case
   */
  public static ValueKinds call(String function, List<ValueKinds> arguments) {
    return switch (function.toLowerCase(Locale.ROOT)) {
      case "length", "instr", "json_array_length", "json_valid" -> ValueKinds.INTEGER;
      case "unixepoch" -> ValueKinds.NUMBER;
      case "st_x", "st_y" -> ValueKinds.REAL;
      case "uuid_blob" -> ValueKinds.BLOB;
      case "json_extract" -> JSON_MEMBER;
      case "iif" -> ValueKinds.ANY;
      case "ifnull" -> arguments.stream().reduce(ValueKinds.NONE, ValueKinds::or);
      default -> ValueKinds.TEXT;
    };
  }
}
