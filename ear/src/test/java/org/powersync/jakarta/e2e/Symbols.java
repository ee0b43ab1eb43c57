package org.powersync.jakarta.e2e;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the symbols of one scenario stand for in this run: operation ids, bucket versions, table ids
 * and random row ids. A symbol is bound at its first match and must then always mean the same, and
 * no two symbols the same.
 */
final class Symbols {
  private static final Pattern SYMBOL = Pattern.compile("#\\d+|<(?:v\\d+|table:[^>]*|uuid:\\d+)>");
  private static final Pattern UUID = Pattern.compile("[0-9a-f-]{36}");

  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> symbols = new HashMap<>();
  private final Map<String, String> checkpoints = new HashMap<>();

  /** The value of a symbol such as {@code #3}; other text stays as it is. */
  String resolve(String text) {
    Matcher matcher = SYMBOL.matcher(text);
    return matcher.replaceAll(
        found ->
            Matcher.quoteReplacement(
                values.getOrDefault(
                    found.group(), checkpoints.getOrDefault(found.group(), found.group()))));
  }

  /** Whether the text matches the pattern, binding symbols that are not bound yet. */
  boolean matches(String pattern, String actual) {
    Matcher matcher = SYMBOL.matcher(pattern);
    int from = 0;
    int position = 0;
    while (matcher.find()) {
      String literal = pattern.substring(position, matcher.start());
      if (!actual.startsWith(literal, from)) {
        return false;
      }
      from += literal.length();
      position = matcher.end();
      String symbol = matcher.group();
      int length = valueLength(symbol, actual, from);
      if (length <= 0 || !bind(symbol, actual.substring(from, from + length))) {
        return false;
      }
      from += length;
    }
    return actual.substring(from).equals(pattern.substring(position));
  }

  /** Whether this is the checkpoint of that symbol. */
  boolean matchesCheckpoint(String symbol, String actual) {
    if (!symbol.startsWith("#")) {
      return symbol.equals(actual);
    }
    String known = checkpoints.putIfAbsent(symbol, actual);
    return known == null || known.equals(actual);
  }

  /** Whether this is the position of that symbol, as an operation or as a checkpoint. */
  boolean matchesPosition(String symbol, String actual) {
    return actual.equals(checkpoints.get(symbol)) || matches(symbol, actual);
  }

  /** The bucket name with its version replaced by the symbol it is bound to, for sorting. */
  String normalisedBucket(String name) {
    int hash = name.indexOf('#');
    String version = hash < 0 ? null : symbols.get("v:" + name.substring(0, hash));
    return version == null ? name : version + name.substring(hash);
  }

  private static int valueLength(String symbol, String actual, int from) {
    if (symbol.startsWith("#") || symbol.startsWith("<v")) {
      int end = from;
      while (end < actual.length() && Character.isDigit(actual.charAt(end))) {
        end++;
      }
      return end - from;
    }
    Matcher uuid = UUID.matcher(actual).region(from, actual.length());
    return uuid.lookingAt() ? uuid.end() - from : -1;
  }

  private boolean bind(String symbol, String value) {
    String kind = symbol.startsWith("#") ? "op:" : symbol.startsWith("<v") ? "v:" : "id:";
    String known = values.putIfAbsent(symbol, value);
    String other = symbols.putIfAbsent(kind + value, symbol);
    return (known == null || known.equals(value)) && (other == null || other.equals(symbol));
  }
}
