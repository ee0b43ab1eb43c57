package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.value.JsonReader;

/** A value in a stored plan and where it stands, for clear errors. */
record JsonNode(Object value, String path) {

  /** Throws PSYNC_R0001 when the text is no JSON. */
  static JsonNode parse(String json) {
    try {
      return new JsonNode(JsonReader.read(json, JsonReader.Numbers.EXACT), "");
    } catch (JsonReader.MalformedJsonException e) {
      throw new JsonNode(null, "").unreadable(e.getMessage());
    }
  }

  PowerSyncException unreadable(String problem) {
    return new PowerSyncException(
            ErrorCode.PSYNC_R0001,
            "The stored sync plan cannot be read; deploy the sync config again")
        .with("at", path)
        .with("problem", problem);
  }

  /** A member that has to be there. */
  JsonNode get(String name) {
    return find(name).orElseThrow(() -> unreadable(name + " is missing"));
  }

  /** A member, absent also when it is null. */
  Optional<JsonNode> find(String name) {
    if (!(value instanceof Map<?, ?> map)) {
      throw unreadable("an object is needed");
    }
    return Optional.ofNullable(map.get(name))
        .map(member -> new JsonNode(member, path + "/" + name));
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw unreadable("a text is needed");
  }

  String text(String name) {
    return get(name).text();
  }

  boolean bool() {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw unreadable("true or false is needed");
  }

  double real() {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw unreadable("a number is needed");
  }

  int integer() {
    double number = real();
    if (number == (int) number) {
      return (int) number;
    }
    throw unreadable("a whole number is needed");
  }

  /** An index into something of that size. */
  int index(int size) {
    int index = integer();
    if (index < 0 || index >= size) {
      throw unreadable("an index below " + size + " is needed");
    }
    return index;
  }

  <T> List<T> list(String name, Function<JsonNode, T> element) {
    JsonNode node = get(name);
    List<T> list = new ArrayList<>();
    for (JsonNode one : node.elements()) {
      list.add(element.apply(one));
    }
    return list;
  }

  List<JsonNode> elements() {
    if (!(value instanceof List<?> elements)) {
      throw unreadable("a list is needed");
    }
    List<JsonNode> nodes = new ArrayList<>();
    for (Object element : elements) {
      nodes.add(new JsonNode(element, path + "/" + nodes.size()));
    }
    return nodes;
  }

  /** The names of an object's members, in order. */
  List<String> names() {
    if (!(value instanceof Map<?, ?> map)) {
      throw unreadable("an object is needed");
    }
    return map.keySet().stream().map(String.class::cast).toList();
  }
}
