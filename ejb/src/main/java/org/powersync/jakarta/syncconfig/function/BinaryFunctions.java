package org.powersync.jakarta.syncconfig.function;

import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Functions of bytes. */
final class BinaryFunctions {
  private static final SqlValue EMPTY = SqlValue.of("");
  private static final HexFormat UPPER_HEX = HexFormat.of().withUpperCase();
  private static final Pattern UUID =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
              + "|0{8}-(0{4}-){3}0{12}|f{8}-(f{4}-){3}f{12}",
          Pattern.CASE_INSENSITIVE);

  private BinaryFunctions() {}

  static void register(ScalarFunctions functions) {
    functions.add("hex", 1, 1, BinaryFunctions::hex);
    functions.add("base64", 1, 1, BinaryFunctions::base64);
    functions.add("uuid_blob", 1, 1, BinaryFunctions::uuidBlob);
  }

  private static SqlValue hex(SqlValue[] arguments) {
    byte[] bytes = Casts.bytes(TextFunctions.argument(arguments, 0));
    return bytes == null ? EMPTY : SqlValue.of(UPPER_HEX.formatHex(bytes));
  }

  private static SqlValue base64(SqlValue[] arguments) {
    byte[] bytes = Casts.bytes(TextFunctions.argument(arguments, 0));
    return bytes == null ? EMPTY : SqlValue.of(Base64.getEncoder().encodeToString(bytes));
  }

  private static SqlValue uuidBlob(SqlValue[] arguments) {
    String text = Casts.text(TextFunctions.argument(arguments, 0));
    if (text == null) {
      return SqlValue.NULL;
    }
    if (!UUID.matcher(text).matches()) {
      throw new EvaluationException("invalid-uuid", "uuid_blob needs a UUID with hyphens");
    }
    return new SqlValue.Blob(HexFormat.of().parseHex(text.replace("-", "")));
  }
}
