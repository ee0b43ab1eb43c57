package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Decision A1: the reference writes NaN and infinities into row JSON, we write null. Expectations
 * are changed accordingly: the row text, its checksum, and the sums of its bucket.
 */
final class NonFiniteNumbers {
  private static final Pattern NUMBER =
      Pattern.compile("(?<=[\\[,:])(?:NaN|-?Infinity)(?=[\\],}])");

  /** By bucket and operation: what the row's checksum grew by. */
  private final Map<String, Map<String, Long>> differences = new HashMap<>();

  /** Changes the scenario in place. */
  static void removeFrom(JsonNode scenario) {
    NonFiniteNumbers numbers = new NonFiniteNumbers();
    for (JsonNode lines : scenario.findValues("lines")) {
      // The operations of a checkpoint follow its line, and count in it.
      lines.forEach(numbers::rows);
      lines.findParents("count").forEach(numbers::bucket);
    }
  }

  private void rows(JsonNode line) {
    line.path("$unordered").forEach(this::rows);
    String bucket = line.at("/data/bucket").asText();
    for (JsonNode operation : line.at("/data/data")) {
      String text = operation.path("data").asText();
      String changed = NUMBER.matcher(text).replaceAll("null");
      if (!changed.equals(text)) {
        long checksum =
            LineMatcher.checksum(
                "put."
                    + operation.path("object_type").asText()
                    + "."
                    + operation.path("object_id").asText()
                    + "."
                    + changed);
        differences
            .computeIfAbsent(bucket, any -> new HashMap<>())
            .put(operation.path("op_id").asText(), checksum - operation.path("checksum").asLong());
        ((ObjectNode) operation).put("data", changed).put("checksum", checksum);
      }
    }
  }

  private void bucket(JsonNode descriptor) {
    Map<String, Long> changed = differences.get(descriptor.path("bucket").asText());
    if (changed != null && descriptor.path("checksum").isNumber()) {
      long sum = descriptor.get("checksum").asLong();
      for (long difference : changed.values()) {
        sum += difference;
      }
      ((ObjectNode) descriptor).put("checksum", (int) sum);
    }
  }
}
