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
  private static final Pattern NUMBER = Pattern.compile("(?<=[\\[,:])(?:NaN|-?Infinity)(?=[\\],}])");

  private final Map<String, Long> differences = new HashMap<>();

  /** Changes the scenario in place. */
  static void removeFrom(JsonNode scenario) {
    NonFiniteNumbers numbers = new NonFiniteNumbers();
    scenario.findValues("lines").forEach(lines -> lines.forEach(numbers::rows));
    if (!numbers.differences.isEmpty()) {
      scenario.findParents("checksum").forEach(numbers::bucket);
    }
  }

  private void rows(JsonNode line) {
    line.path("$unordered").forEach(this::rows);
    String bucket = line.at("/data/bucket").asText();
    for (JsonNode operation : line.at("/data/data")) {
      String text = operation.path("data").asText();
      String changed = NUMBER.matcher(text).replaceAll("null");
      if (!changed.equals(text)) {
        long checksum = LineMatcher.checksum(changed);
        differences.merge(bucket, checksum - operation.path("checksum").asLong(), Long::sum);
        ((ObjectNode) operation).put("data", changed).put("checksum", checksum);
      }
    }
  }

  private void bucket(JsonNode descriptor) {
    Long difference = differences.get(descriptor.path("bucket").asText());
    if (difference != null && descriptor.has("count")) {
      long sum = descriptor.get("checksum").asLong() + difference;
      ((ObjectNode) descriptor).put("checksum", (int) sum);
    }
  }
}
