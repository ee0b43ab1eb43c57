package org.powersync.jakarta.syncconfig.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.Entry;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlList;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlMap;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlScalar;

/** The keys of a map and their values by kind; what does not fit becomes a message. */
final class Fields {
  private final String yaml;
  private final YamlMap map;
  private final Messages messages;

  private Fields(String yaml, YamlMap map, Messages messages) {
    this.yaml = yaml;
    this.map = map;
    this.messages = messages;
  }

  /** Reports all keys but the allowed ones. */
  static Fields of(String yaml, YamlMap map, Set<String> allowed, Messages messages) {
    for (Entry entry : map.entries()) {
      if (allowed.stream().noneMatch(entry::isNamed)) {
        String known = String.join(", ", allowed.stream().sorted().toList());
        messages.fatal("unknown-key", "Unknown key; known are " + known, entry.key().place());
      }
    }
    return new Fields(yaml, map, messages);
  }

  /** The map a node has to be. */
  static Optional<YamlMap> map(YamlNode node, Messages messages) {
    if (node instanceof YamlMap found) {
      return Optional.of(found);
    }
    messages.fatal("expected-map", "A map is needed here", node.place());
    return Optional.empty();
  }

  Place place() {
    return map.place();
  }

  Optional<YamlNode> node(String key) {
    return map.value(key);
  }

  Optional<YamlMap> map(String key) {
    return map.value(key).flatMap(node -> map(node, messages));
  }

  Optional<Boolean> flag(String key) {
    Optional<YamlNode> node = map.value(key);
    Optional<Boolean> value =
        node.flatMap(n -> n instanceof YamlScalar scalar ? scalar.bool() : Optional.empty());
    if (node.isPresent() && value.isEmpty()) {
      messages.fatal("expected-boolean", key + " is true or false", node.get().place());
    }
    return value;
  }

  Optional<Double> number(String key) {
    Optional<YamlNode> node = map.value(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof YamlScalar scalar) {
      OptionalDouble value = scalar.number();
      if (value.isPresent() && !Double.isNaN(value.getAsDouble())) {
        return Optional.of(value.getAsDouble());
      }
    }
    messages.fatal("expected-number", key + " is a number", node.get().place());
    return Optional.empty();
  }

  OptionalInt priority() {
    Optional<YamlNode> node = map.value("priority");
    if (node.isEmpty()) {
      return OptionalInt.empty();
    }
    if (node.get() instanceof YamlScalar scalar && scalar.number().isPresent()) {
      double value = scalar.number().getAsDouble();
      if (value >= 0 && value <= 3 && value == Math.rint(value)) {
        return OptionalInt.of((int) value);
      }
    }
    messages.fatal("invalid-priority", "priority is 0, 1, 2 or 3", node.get().place());
    return OptionalInt.empty();
  }

  Optional<SqlText> sql(String key) {
    return map.value(key).flatMap(this::sql);
  }

  private Optional<SqlText> sql(YamlNode node) {
    if (node instanceof YamlScalar scalar) {
      return Optional.of(new SqlText(yaml, scalar));
    }
    messages.fatal("expected-scalar", "SQL text is needed here", node.place());
    return Optional.empty();
  }

  Optional<List<SqlText>> sqlList(String key) {
    Optional<YamlNode> node = map.value(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof YamlList list) {
      return Optional.of(sqlList(list));
    }
    messages.fatal("expected-sequence", key + " is a list of SQL texts", node.get().place());
    return Optional.of(List.of());
  }

  private List<SqlText> sqlList(YamlList list) {
    List<SqlText> texts = new ArrayList<>();
    list.items().forEach(item -> sql(item).ifPresent(texts::add));
    return texts;
  }

  /** One text or a list of them. */
  Optional<List<SqlText>> sqlOrList(String key) {
    Optional<YamlNode> node = map.value(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof YamlList list) {
      return Optional.of(sqlList(list));
    }
    if (node.get() instanceof YamlScalar scalar && !scalar.isNull()) {
      return Optional.of(List.of(new SqlText(yaml, scalar)));
    }
    messages.fatal(
        "expected-string", key + " is an SQL text or a list of them", node.get().place());
    return Optional.of(List.of());
  }

  /** Common table expressions by name. */
  List<NamedSql> namedSql(String key) {
    List<NamedSql> named = new ArrayList<>();
    map(key)
        .ifPresent(
            texts -> {
              for (Entry entry : texts.entries()) {
                Optional<String> name = name(entry, messages);
                Optional<SqlText> sql = sql(entry.value());
                if (name.isPresent() && sql.isPresent()) {
                  named.add(new NamedSql(name.get(), entry.key().place(), sql.get()));
                }
              }
            });
    return named;
  }

  /** The name an entry's key has to be. */
  static Optional<String> name(Entry entry, Messages messages) {
    if (entry.key() instanceof YamlScalar scalar && scalar.isText()) {
      return Optional.of(scalar.text());
    }
    messages.fatal("expected-string", "A name is text; put numbers in quotes", entry.key().place());
    return Optional.empty();
  }
}
