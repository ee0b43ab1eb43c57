package org.powersync.jakarta.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** Lines in the short notation of the sync cases: {@code CP}, {@code DIFF}, {@code DATA}, …. */
final class Transcript {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LISTED = 5;

  private Transcript() {}

  static List<String> of(List<String> lines) throws JsonProcessingException {
    List<String> transcript = new ArrayList<>();
    for (String line : lines) {
      JsonNode node = JSON.readTree(line);
      String type = node.fieldNames().next();
      transcript.add(shortened(type, node.get(type)));
    }
    return transcript;
  }

  private static String shortened(String type, JsonNode line) {
    String op = line.path("last_op_id").asText();
    return switch (type) {
      case "checkpoint" -> "CP " + op + writeCheckpoint(line);
      case "checkpoint_diff" -> "DIFF " + op + writeCheckpoint(line) + changes(line);
      case "data" -> data(line);
      case "partial_checkpoint_complete" -> "PART " + op + " " + line.get("priority");
      case "checkpoint_complete" -> "DONE " + op;
      case "token_expires_in" -> "TTL " + line;
      default -> throw new AssertionError(type);
    };
  }

  private static String writeCheckpoint(JsonNode line) {
    return line.has("write_checkpoint") ? " wc" + line.get("write_checkpoint").asText() : "";
  }

  private static String changes(JsonNode line) {
    StringBuilder changes = new StringBuilder();
    line.get("updated_buckets").forEach(b -> changes.append(' ').append(b.get("bucket").asText()));
    line.get("removed_buckets").forEach(b -> changes.append(" -").append(b.asText()));
    return changes.toString();
  }

  private static String data(JsonNode line) {
    List<String> ops = line.get("data").findValuesAsText("op_id");
    return "DATA %s %s→%s %s%s"
        .formatted(
            line.get("bucket").asText(),
            line.get("after").asText(),
            line.get("next_after").asText(),
            ops.size() <= LISTED ? ops : "(" + ops.size() + ")",
            line.get("has_more").asBoolean() ? " more" : "");
  }
}
