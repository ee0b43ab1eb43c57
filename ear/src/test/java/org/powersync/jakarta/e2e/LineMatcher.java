package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares lines and answers with the expectations of a scenario, symbols bound as they appear. A
 * difference is a path and two values.
 */
final class LineMatcher {
  /** Texts for people: not contractual. */
  private static final Set<String> FREE_TEXT = Set.of("description", "details", "message");

  private final Symbols symbols;

  LineMatcher(Symbols symbols) {
    this.symbols = symbols;
  }

  /** The first difference between these lines and the expected ones, or nothing. */
  Optional<String> lines(JsonNode expected, List<JsonNode> actual) {
    Optional<String> beyond = beyondCheckpoint(actual);
    if (beyond.isPresent()) {
      return beyond;
    }
    int next = 0;
    for (JsonNode each : expected) {
      List<JsonNode> wanted = new ArrayList<>();
      if (each.has("$unordered")) {
        each.get("$unordered").forEach(wanted::add);
      } else {
        wanted.add(each);
      }
      if (next + wanted.size() > actual.size()) {
        return Optional.of("line " + next + ": missing, expected " + brief(wanted.get(0)));
      }
      List<JsonNode> found = new ArrayList<>(actual.subList(next, next + wanted.size()));
      if (each.has("$unordered")) {
        wanted.sort(Comparator.comparing(line -> line.at("/data/bucket").asText()));
        found.sort(
            Comparator.comparing(
                line -> symbols.normalisedBucket(line.at("/data/bucket").asText())));
      }
      for (int i = 0; i < wanted.size(); i++) {
        Optional<String> difference = node("line " + (next + i), wanted.get(i), found.get(i));
        if (difference.isPresent()) {
          return difference;
        }
      }
      next += wanted.size();
    }
    return next < actual.size()
        ? Optional.of("line " + next + ": not expected: " + brief(actual.get(next)))
        : Optional.empty();
  }

  /** An operation that is newer than the checkpoint it was sent under, or nothing. */
  private static Optional<String> beyondCheckpoint(List<JsonNode> lines) {
    long checkpoint = Long.MAX_VALUE;
    for (JsonNode line : lines) {
      JsonNode content = line.iterator().next();
      checkpoint =
          content.has("buckets") || content.has("updated_buckets")
              ? content.path("last_op_id").asLong()
              : checkpoint;
      for (JsonNode operation : line.at("/data/data")) {
        if (operation.path("op_id").asLong() > checkpoint) {
          return Optional.of("operation beyond its checkpoint " + checkpoint + ": " + operation);
        }
      }
    }
    return Optional.empty();
  }

  /** The first difference between two documents, or nothing. */
  Optional<String> node(String path, JsonNode expected, JsonNode actual) {
    if (expected.isObject()
        && expected.size() == 1
        && expected.fieldNames().next().startsWith("$")) {
      return special(path, expected, actual);
    }
    if (expected.isObject()) {
      return object(path, expected, actual);
    }
    if (expected.isArray()) {
      return array(path, expected, actual);
    }
    if (expected.isTextual() && actual.isTextual()) {
      return text(expected.asText(), actual.asText())
          ? Optional.empty()
          : different(path, expected, actual);
    }
    if (expected.asText().equals("<int>") && actual.isIntegralNumber()) {
      return Optional.empty();
    }
    if (expected.isNumber() && actual.isNumber()) {
      return expected.decimalValue().compareTo(actual.decimalValue()) == 0
          ? Optional.empty()
          : different(path, expected, actual);
    }
    return expected.equals(actual) ? Optional.empty() : different(path, expected, actual);
  }

  private boolean text(String expected, String actual) {
    if (expected.matches("<(slot|lsn|time|int|source-uri|source-db|host)>")) {
      return !actual.isEmpty();
    }
    return symbols.matches(expected, actual);
  }

  private Optional<String> object(String path, JsonNode expected, JsonNode actual) {
    if (!actual.isObject()) {
      return different(path, expected, actual);
    }
    Iterator<String> names = actual.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!expected.has(name) && !FREE_TEXT.contains(name)) {
        return Optional.of(path + ": member not expected: " + name);
      }
    }
    Iterator<Map.Entry<String, JsonNode>> members = expected.fields();
    while (members.hasNext()) {
      Map.Entry<String, JsonNode> member = members.next();
      String inside = path + "." + member.getKey();
      if (FREE_TEXT.contains(member.getKey())) {
        continue;
      }
      if (!actual.has(member.getKey())) {
        return Optional.of(inside + ": missing");
      }
      JsonNode found = actual.get(member.getKey());
      Optional<String> difference =
          switch (member.getKey()) {
            case "checksum" ->
                member.getValue().isNumber()
                    ? node(inside, member.getValue(), found)
                    : checksum(inside, member.getValue(), actual);
            case "last_op_id" -> checkpoint(inside, member.getValue(), found);
            case "next_after", "after" -> position(inside, member.getValue(), found);
            default -> node(inside, member.getValue(), found);
          };
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private Optional<String> array(String path, JsonNode expected, JsonNode actual) {
    if (!actual.isArray() || actual.size() != expected.size()) {
      return different(path, expected, actual);
    }
    List<JsonNode> found = new ArrayList<>();
    actual.forEach(found::add);
    if (path.endsWith("buckets")) {
      found.sort(
          Comparator.comparing(
              each ->
                  symbols.normalisedBucket(
                      each.isTextual() ? each.asText() : each.path("bucket").asText())));
    }
    for (int i = 0; i < found.size(); i++) {
      if (path.endsWith(".errors") && expected.get(i).isTextual() && found.get(i).isTextual()) {
        continue; // a text for people
      }
      Optional<String> difference = node(path + "[" + i + "]", expected.get(i), found.get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  /** Where a client has got to: an operation, or a checkpoint it completed. */
  private Optional<String> position(String path, JsonNode expected, JsonNode actual) {
    return symbols.matchesPosition(expected.asText(), actual.asText())
        ? Optional.empty()
        : different(path, expected, actual);
  }

  /**
   * A checkpoint's position. Lookups take ids too, in an order that is free within a transaction,
   * so that it need not be the id of the operation that it was in the recording.
   */
  private Optional<String> checkpoint(String path, JsonNode expected, JsonNode actual) {
    return symbols.matchesCheckpoint(expected.asText(), actual.asText())
        ? Optional.empty()
        : different(path, expected, actual);
  }

  /** {@code $remove} and {@code $sum}: checksums that depend on ids of this run. */
  private Optional<String> checksum(String path, JsonNode expected, JsonNode holder) {
    long found = holder.get("checksum").asLong();
    if (expected.isTextual()) {
      long wanted = removeChecksum(holder.path("subkey").asText());
      return found == wanted
          ? Optional.empty()
          : Optional.of(path + ": expected " + wanted + " for the subkey, found " + found);
    }
    long sum = expected.at("/$sum/fixed").asLong();
    for (JsonNode subkey : expected.at("/$sum/removed")) {
      sum += removeChecksum(symbols.resolve(subkey.asText()));
    }
    return (int) sum == (int) found
        ? Optional.empty()
        : Optional.of(path + ": expected " + (int) sum + ", found " + found);
  }

  private Optional<String> special(String path, JsonNode expected, JsonNode actual) {
    String kind = expected.fieldNames().next();
    JsonNode content = expected.get(kind);
    boolean same =
        switch (kind) {
          case "$json" -> actual.toString().equals(content.asText());
          case "$range" ->
              actual.asLong() >= content.get(0).asLong()
                  && actual.asLong() <= content.get(1).asLong();
          case "$text" -> content.isTextual() || longText(content, actual.asText());
          case "$ops" -> operations(content, actual);
          default -> false;
        };
    return same ? Optional.empty() : different(path, expected, actual);
  }

  private static boolean longText(JsonNode content, String actual) {
    return content.path("length").asInt() == actual.length()
        && content.path("sha256").asText().equals(sha256(actual));
  }

  private boolean operations(JsonNode content, JsonNode actual) {
    StringBuilder all = new StringBuilder();
    long sum = 0;
    for (JsonNode operation : actual) {
      all.append(operation.path("op").asText())
          .append('|')
          .append(operation.path("object_type").asText())
          .append('|')
          .append(operation.path("object_id").asText())
          .append('|')
          .append(operation.path("checksum").asLong())
          .append('|')
          .append(operation.path("data").asText())
          .append('\n');
      sum += operation.path("checksum").asLong();
    }
    return content.path("count").asInt() == actual.size()
        && operation(content.path("first"), actual.path(0))
        && operation(content.path("last"), actual.path(actual.size() - 1))
        && (!content.has("checksum_sum")
            || (int) content.path("checksum_sum").asLong() == (int) sum)
        && (!content.has("sha256")
            || content.path("sha256").asText().equals(sha256(all.toString())));
  }

  /** A whole operation, or only its id. */
  private boolean operation(JsonNode expected, JsonNode actual) {
    return expected.isObject()
        ? node("operation", expected, actual).isEmpty()
        : symbols.matches(expected.asText(), actual.path("op_id").asText());
  }

  private static long removeChecksum(String subkey) {
    return checksum("delete." + subkey);
  }

  /** The checksum of an operation over this text, unsigned. */
  static long checksum(String text) {
    byte[] digest = digest(text);
    return Integer.toUnsignedLong(ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getInt());
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(digest(text));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<String> different(String path, JsonNode expected, JsonNode actual) {
    return Optional.of(path + ": expected " + brief(expected) + ", found " + brief(actual));
  }

  private static String brief(JsonNode node) {
    String text = String.valueOf(node);
    return text.length() > 400 ? text.substring(0, 400) + "…" : text;
  }
}
