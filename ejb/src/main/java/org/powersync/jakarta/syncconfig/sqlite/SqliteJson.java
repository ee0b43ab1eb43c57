package org.powersync.jakarta.syncconfig.sqlite;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** JSON access. */
final class SqliteJson {
  private SqliteJson() {}

  /** {@code ->}. */
  static SqlValue member(SqlValue[] arguments) {
    return find(arguments, true).map(element -> SqlValue.of(element.text())).orElse(SqlValue.NULL);
  }

  /** {@code ->>}. */
  static SqlValue memberAsValue(SqlValue[] arguments) {
    return find(arguments, true).map(SqliteJson::value).orElse(SqlValue.NULL);
  }

  static SqlValue extract(SqlValue[] arguments) {
    return find(arguments, false).map(SqliteJson::value).orElse(SqlValue.NULL);
  }

  static SqlValue arrayLength(SqlValue[] arguments) {
    Optional<JsonElement> element =
        arguments.length > 1 ? find(arguments, false) : document(arguments[0]);
    return element
        .map(found -> SqlValue.of(found.isArray() ? found.children().size() : 0L))
        .orElse(SqlValue.NULL);
  }

  private static Optional<JsonElement> document(SqlValue value) {
    return value == SqlValue.NULL
        ? Optional.empty()
        : Optional.of(JsonElementReader.read(SqliteNumbers.text(value)));
  }

  private static Optional<JsonElement> find(SqlValue[] arguments, boolean abbreviated) {
    Optional<JsonElement> root = document(arguments[0]);
    if (root.isEmpty() || arguments[1] == SqlValue.NULL) {
      return Optional.empty();
    }
    String path = SqliteNumbers.text(arguments[1]);
    boolean index = arguments[1] instanceof SqlValue.Int;
    return SqliteJsonPath.find(
        root.get(), abbreviated ? SqliteJsonPath.expanded(path, index) : path);
  }

  private static SqlValue value(JsonElement element) {
    String raw = element.raw();
    if (raw == null) {
      return SqlValue.of(element.text());
    }
    if (element.isString()) {
      return SqlValue.of(JsonElementReader.unescaped(raw));
    }
    return switch (raw) {
      case "null" -> SqlValue.NULL;
      case "true" -> Casts.bool(true);
      case "false" -> Casts.bool(false);
      default -> SqliteNumbers.operand(SqlValue.of(raw));
    };
  }
}
