package org.powersync.jakarta.syncconfig.expression;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.value.JsonPath;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Parts of JSON documents that stand in columns (sync config sections 6.6 and 6.7). They share what
 * {@link Inputs#document} parsed; the functions and operators on any other text parse it each time.
 */
final class JsonAccess {
  private JsonAccess() {}

  /** {@code ->} and {@code ->>}. */
  static Computation member(Computation.Column column, JsonPath path, boolean asText) {
    int slot = column.slot();
    return inputs -> {
      Object root = inputs.document(slot);
      if (root == null) {
        return SqlValue.NULL;
      }
      return asText ? path.valueIn(root) : path.jsonIn(root);
    };
  }

  /** {@code json_extract} and {@code json_array_length} with a literal path, nothing else. */
  static Optional<Computation> call(String function, Computation[] operands, boolean fixed) {
    if (operands.length == 2
        && operands[0] instanceof Computation.Column column
        && operands[1] instanceof Computation.Constant constant
        && constant.value() instanceof SqlValue.Text text
        && text.value().startsWith("$")) {
      JsonPath path = JsonPath.rooted(text.value(), fixed);
      return switch (function.toLowerCase(Locale.ROOT)) {
        case "json_extract" -> Optional.of(member(column, path, true));
        case "json_array_length" -> Optional.of(length(column, path));
        default -> Optional.empty();
      };
    }
    return Optional.empty();
  }

  private static Computation length(Computation.Column column, JsonPath path) {
    int slot = column.slot();
    return inputs -> {
      Object root = inputs.document(slot);
      Object found = root == null ? null : path.find(root).orElse(null);
      if (found instanceof List<?> list) {
        return SqlValue.of(list.size());
      }
      // What is no array is what its text says, and a text may say anything.
      SqlValue value = root == null ? SqlValue.NULL : path.valueIn(root);
      return value == SqlValue.NULL
          ? SqlValue.NULL
          : SqlValue.of(JsonValues.parse(value) instanceof List<?> list ? list.size() : 0);
    };
  }
}
