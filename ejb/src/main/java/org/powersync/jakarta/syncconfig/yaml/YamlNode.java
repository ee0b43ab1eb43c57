package org.powersync.jakarta.syncconfig.yaml;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** A piece of a YAML document with its place. */
sealed interface YamlNode {
  Place place();

  /** A map; keys may be any nodes, and repeat no text. */
  record YamlMap(List<Entry> entries, Place place) implements YamlNode {
    public YamlMap {
      entries = List.copyOf(entries);
    }

    Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.isNamed(key)).findFirst();
    }

    Optional<YamlNode> value(String key) {
      return entry(key).map(Entry::value);
    }
  }

  /** A key and its value. */
  record Entry(YamlNode key, YamlNode value) {
    boolean isNamed(String name) {
      return key instanceof YamlScalar scalar && scalar.isText() && scalar.text().equals(name);
    }
  }

  /** A list. */
  record YamlList(List<YamlNode> items, Place place) implements YamlNode {
    public YamlList {
      items = List.copyOf(items);
    }
  }

  /** {@code *x}, which stands for nothing here. */
  record YamlAlias(Place place) implements YamlNode {}

  /**
   * Text, number, boolean or null.
   *
   * @param text the content, escapes and folded lines resolved
   * @param style how it is written
   * @param mayBeOther whether the core schema may read it as something other than text
   * @param source the place of the bare scalar, quotes or block header included
   */
  record YamlScalar(String text, Style style, boolean mayBeOther, Place source, Place place)
      implements YamlNode {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern REAL =
        Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern SPECIAL =
        Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");

    enum Style {
      PLAIN,
      SINGLE_QUOTED,
      DOUBLE_QUOTED,
      /** Literal or folded. */
      BLOCK
    }

    boolean isText() {
      return !isNull() && bool().isEmpty() && number().isEmpty();
    }

    boolean isNull() {
      return mayBeOther && NULL.matcher(text).matches();
    }

    Optional<Boolean> bool() {
      return mayBeOther && BOOLEAN.matcher(text).matches()
          ? Optional.of(text.equalsIgnoreCase("true"))
          : Optional.empty();
    }

    OptionalDouble number() {
      if (!mayBeOther) {
        return OptionalDouble.empty();
      }
      if (INTEGER.matcher(text).matches() && text.startsWith("0o")) {
        return OptionalDouble.of(new BigInteger(text.substring(2), 8).doubleValue());
      }
      if (INTEGER.matcher(text).matches() && text.startsWith("0x")) {
        return OptionalDouble.of(new BigInteger(text.substring(2), 16).doubleValue());
      }
      if (REAL.matcher(text).matches()) {
        return OptionalDouble.of(Double.parseDouble(text));
      }
      return SPECIAL.matcher(text).matches()
          ? OptionalDouble.of(Double.NaN)
          : OptionalDouble.empty();
    }
  }
}
