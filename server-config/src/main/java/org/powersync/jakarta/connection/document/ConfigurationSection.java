package org.powersync.jakarta.connection.document;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.powersync.jakarta.connection.document.ConfigurationNode.Mapping;
import org.powersync.jakarta.connection.document.ConfigurationNode.Scalar;
import org.powersync.jakarta.connection.document.ConfigurationNode.Sequence;
import org.powersync.jakarta.error.ErrorCode;

/**
 * Typed reading of one object of the configuration. A value of the wrong type is noted as an error
 * and read as absent; null is absent; nothing is converted. Keys that nobody asked for are found by
 * {@link #warnOfUnknownKeys}. Not safe for threads.
 */
public final class ConfigurationSection {
  private final Mapping mapping;
  private final ConfigurationProblems problems;
  private final Set<String> known = new HashSet<>();
  private final List<ConfigurationSection> children = new ArrayList<>();

  public ConfigurationSection(Mapping mapping, ConfigurationProblems problems) {
    this.mapping = mapping;
    this.problems = problems;
  }

  public ConfigurationProblems problems() {
    return problems;
  }

  public String path() {
    return mapping.path();
  }

  /** Line in the document, from 1. */
  public int line() {
    return mapping.line();
  }

  /** All entries, marked as known. */
  public Map<String, ConfigurationNode> entries() {
    known.addAll(mapping.entries().keySet());
    return mapping.entries();
  }

  /** The whole object as plain Java, all of it marked as known. */
  public Map<String, Object> plain() {
    known.addAll(mapping.entries().keySet());
    return mapping.plain();
  }

  /** The value of a key, unless absent or null. */
  public Optional<ConfigurationNode> node(String key) {
    known.add(key);
    ConfigurationNode node = mapping.entries().get(key);
    return node == null || isNull(node) ? Optional.empty() : Optional.of(node);
  }

  private static boolean isNull(ConfigurationNode node) {
    return node instanceof Scalar scalar && scalar.value() == null;
  }

  public boolean has(String key) {
    return node(key).isPresent();
  }

  public Optional<String> text(String key) {
    return scalar(key, String.class, "a text (put it in quotes)");
  }

  /** A text, or a number written as its shortest text (ports). */
  public Optional<String> textOrNumber(String key) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Scalar scalar && scalar.value() instanceof Double number) {
                boolean integral = number == Math.rint(number) && Math.abs(number) < 1e15;
                return Optional.of(
                    integral ? Long.toString(number.longValue()) : number.toString());
              }
              return text(key);
            });
  }

  public OptionalDouble number(String key) {
    return scalar(key, Double.class, "a number")
        .map(OptionalDouble::of)
        .orElseGet(OptionalDouble::empty);
  }

  /** A whole number from {@code min} to the largest int, else the default. */
  public int integer(String key, int min, int orElse) {
    return integer(
        key,
        min,
        Integer.MAX_VALUE,
        orElse,
        min == 1 ? "must be a positive integer" : "must be an integer of at least " + min);
  }

  /** An integer within bounds, both included; anything else is an error. */
  public int integer(String key, int min, int max, int orElse) {
    return integer(key, min, max, orElse, "must be an integer from " + min + " to " + max);
  }

  private int integer(String key, int min, int max, int orElse, String rule) {
    OptionalDouble number = number(key);
    if (number.isEmpty()) {
      return orElse;
    }
    double value = number.getAsDouble();
    if (value != Math.rint(value) || value < min || value > max) {
      error(key, rule);
      return orElse;
    }
    return (int) value;
  }

  public Optional<Boolean> flag(String key) {
    return scalar(key, Boolean.class, "true or false");
  }

  public boolean flag(String key, boolean orElse) {
    return flag(key).orElse(orElse);
  }

  /** One of the given texts. */
  public Optional<String> choice(String key, List<String> choices) {
    Optional<String> value = text(key);
    if (value.isPresent() && !choices.contains(value.get())) {
      error(key, "must be one of " + String.join(", ", choices));
      return Optional.empty();
    }
    return value;
  }

  private <T> Optional<T> scalar(String key, Class<T> type, String wanted) {
    Optional<ConfigurationNode> node = node(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    return scalar(node.get(), type, wanted);
  }

  private <T> Optional<T> scalar(ConfigurationNode node, Class<T> type, String wanted) {
    if (node instanceof Scalar scalar && type.isInstance(scalar.value())) {
      return Optional.of(type.cast(scalar.value()));
    }
    problems.error(node.path(), node.line(), "must be " + wanted + ", but is " + describe(node));
    return Optional.empty();
  }

  private static String describe(ConfigurationNode node) {
    if (node instanceof Scalar scalar) {
      return scalar.value() == null
          ? "null"
          : scalar.value() instanceof String
              ? "a text"
              : scalar.value() instanceof Boolean ? "a boolean" : "a number";
    }
    return node instanceof Mapping ? "an object" : "a list";
  }

  /** A list of texts; empty if absent. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (ConfigurationNode item : items(key)) {
      scalar(item, String.class, "a text (put it in quotes)").ifPresent(texts::add);
    }
    return List.copyOf(texts);
  }

  /** A list of texts, or one text alone. */
  public List<String> textOrTexts(String key) {
    if (node(key).orElse(null) instanceof Sequence) {
      return texts(key);
    }
    return text(key).map(List::of).orElse(List.of());
  }

  private List<ConfigurationNode> items(String key) {
    Optional<ConfigurationNode> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof Sequence sequence) {
      return sequence.items();
    }
    error(key, "must be a list, but is " + describe(node.get()));
    return List.of();
  }

  public Optional<ConfigurationSection> section(String key) {
    return node(key).flatMap(this::asSection);
  }

  /** The section, or one without entries at the same place if it is absent. */
  public ConfigurationSection sectionOrEmpty(String key) {
    return section(key)
        .orElseGet(
            () ->
                new ConfigurationSection(
                    new Mapping(ConfigurationNode.childPath(path(), key), mapping.line(), Map.of()),
                    problems));
  }

  /** A list of objects; empty if absent. */
  public List<ConfigurationSection> sections(String key) {
    List<ConfigurationSection> sections = new ArrayList<>();
    for (ConfigurationNode item : items(key)) {
      asSection(item).ifPresent(sections::add);
    }
    return List.copyOf(sections);
  }

  private Optional<ConfigurationSection> asSection(ConfigurationNode node) {
    if (node instanceof Mapping child) {
      ConfigurationSection section = new ConfigurationSection(child, problems);
      children.add(section);
      return Optional.of(section);
    }
    problems.error(node.path(), node.line(), "must be an object, but is " + describe(node));
    return Optional.empty();
  }

  /** Notes an error at a key, or at the section if the key is absent. */
  public void error(String key, String text) {
    problems.error(ConfigurationNode.childPath(path(), key), lineOf(key), text);
  }

  /** Notes an error with a contractual code at a key. */
  public void error(ErrorCode code, String key, String text) {
    problems.error(code, ConfigurationNode.childPath(path(), key), lineOf(key), text);
  }

  public void warning(String key, String text) {
    problems.warning(ConfigurationNode.childPath(path(), key), lineOf(key), text);
  }

  private int lineOf(String key) {
    ConfigurationNode node = mapping.entries().get(key);
    return node == null ? mapping.line() : node.line();
  }

  /** Marks keys as known that have no effect here. */
  public void ignore(String... keys) {
    known.addAll(List.of(keys));
  }

  /** Warns of every key, here and below, that nobody asked for. */
  public void warnOfUnknownKeys() {
    mapping
        .entries()
        .forEach(
            (key, node) -> {
              if (!known.contains(key)) {
                problems.warning(
                    node.path(),
                    node.line(),
                    key.equals("<<")
                        ? "merge keys are not supported; repeat the entries instead"
                        : "unknown key, ignored; check the spelling");
              }
            });
    children.forEach(ConfigurationSection::warnOfUnknownKeys);
  }
}
