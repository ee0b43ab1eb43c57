package org.powersync.jakarta.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Typed access to the members of a request, collecting every problem instead of stopping at the
 * first. A null member counts as absent. One thread; at the end call {@link #check}.
 */
public final class RequestMembers {
  private static final int MAX_CLIENT_ID = 1000;

  /** Twice those of the greatest 64-bit number. */
  private static final int MAX_DIGITS = 40;

  private final String path;
  private final Map<?, ?> values;
  private final List<String> problems;

  /** The members of a whole request. */
  public RequestMembers(Map<String, Object> values) {
    this("", values, new ArrayList<>());
  }

  private RequestMembers(String path, Map<?, ?> values, List<String> problems) {
    this.path = path;
    this.values = values;
    this.problems = problems;
  }

  /** Throws {@link InvalidRequestException} when anything read so far was wrong. */
  public void check() {
    if (!problems.isEmpty()) {
      throw new InvalidRequestException(problems);
    }
  }

  /** Notes a problem of a member. */
  public void reject(String name, String problem) {
    problems.add(path + "/" + name + ": " + problem);
  }

  /** The value of a member as it came; empty when absent or null. */
  public Optional<Object> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public Optional<String> string(String name) {
    return typed(name, String.class, "string");
  }

  public Optional<Boolean> bool(String name) {
    return typed(name, Boolean.class, "boolean");
  }

  public Optional<Double> number(String name) {
    return typed(name, Double.class, "number");
  }

  /** An object with its members unchecked. */
  public Optional<Map<String, Object>> object(String name) {
    return typed(name, Map.class, "object").map(RequestMembers::cast);
  }

  /** An object whose members are checked too. */
  public Optional<RequestMembers> members(String name) {
    return typed(name, Map.class, "object")
        .map(map -> new RequestMembers(path + "/" + name, map, problems));
  }

  /** Names and texts of an object that holds only texts. */
  public Map<String, String> strings(String name) {
    Map<String, String> strings = new LinkedHashMap<>();
    members(name)
        .ifPresent(
            object ->
                object.values.forEach(
                    (key, value) ->
                        object.string((String) key).ifPresent(s -> strings.put((String) key, s))));
    return strings;
  }

  /** The objects of an array that must be there and not null. */
  public List<RequestMembers> requiredObjects(String name) {
    requireValue(name, "array");
    return objects(name);
  }

  /** The objects of an array; elements of another kind are problems. */
  public List<RequestMembers> objects(String name) {
    List<RequestMembers> objects = new ArrayList<>();
    List<?> elements = typed(name, List.class, "array").orElse(List.of());
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof Map<?, ?> map) {
        objects.add(new RequestMembers(path + "/" + name + "/" + i, map, problems));
      } else {
        reject(name + "/" + i, "type must be object");
      }
    }
    return objects;
  }

  /** Checks that a member, if there, is an array of texts. */
  public void stringArray(String name) {
    List<?> elements = typed(name, List.class, "array").orElse(List.of());
    for (int i = 0; i < elements.size(); i++) {
      if (!(elements.get(i) instanceof String)) {
        reject(name + "/" + i, "type must be string");
      }
    }
  }

  /** A member that must be there, though it may be null. */
  public void require(String name) {
    if (!values.containsKey(name)) {
      problems.add(path + " must have required property '" + name + "'");
    }
  }

  /** A text that must be there and not null; empty when it is not, which is a problem. */
  public Optional<String> requiredString(String name) {
    requireValue(name, "string");
    return string(name);
  }

  private void requireValue(String name, String described) {
    require(name);
    if (values.containsKey(name) && values.get(name) == null) {
      reject(name, "type must be " + described);
    }
  }

  /**
   * The member {@code client_id}: a text that can be stored as part of a key. Clients use UUIDs.
   */
  public Optional<String> clientId() {
    Optional<String> id = string("client_id");
    id.filter(text -> text.length() > MAX_CLIENT_ID)
        .ifPresent(text -> reject("client_id", "must not be longer than " + MAX_CLIENT_ID));
    id.filter(text -> text.indexOf(0) >= 0 || !UTF_8.newEncoder().canEncode(text))
        .ifPresent(text -> reject("client_id", "must be well-formed text without U+0000"));
    return id;
  }

  /** The whole number a text says in decimal digits, however many; empty for other texts. */
  static Optional<BigInteger> decimal(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    if (digits == text.length()) {
      return Optional.empty();
    }
    int significant = digits;
    for (int i = digits; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return Optional.empty();
      }
      significant += significant == i && c == '0' ? 1 : 0;
    }
    // Of more digits than any number that counts it is only of interest that it is too large.
    int end = Math.min(text.length(), significant + MAX_DIGITS);
    String number = significant == end ? "0" : text.substring(significant, end);
    return Optional.of(new BigInteger(digits == 1 ? "-" + number : number));
  }

  private <T> Optional<T> typed(String name, Class<T> type, String described) {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      reject(name, "type must be " + described);
      return Optional.empty();
    }
    return Optional.of(type.cast(value));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
