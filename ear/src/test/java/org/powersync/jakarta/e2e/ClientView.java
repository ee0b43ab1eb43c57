package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a client makes of its lines: descriptors, operations and the rows it holds. */
final class ClientView {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, JsonNode> rows = new TreeMap<>();

  /** Applies lines to the rows this client holds. */
  void apply(List<JsonNode> lines) {
    for (JsonNode line : lines) {
      line.at("/checkpoint_diff/removed_buckets").forEach(bucket -> drop(bucket.asText()));
      JsonNode data = line.path("data");
      String bucket = data.path("bucket").asText();
      for (JsonNode operation : data.path("data")) {
        String key =
            bucket
                + "\0"
                + operation.path("object_type").asText()
                + "\0"
                + operation.path("object_id").asText()
                + "\0"
                + operation.path("subkey").asText();
        switch (operation.path("op").asText()) {
          case "PUT" -> rows.put(key, row(bucket, operation));
          case "REMOVE" -> rows.remove(key);
          case "CLEAR" -> drop(bucket);
          default -> {}
        }
      }
    }
  }

  /** The rows, sorted by bucket, type and id. */
  ArrayNode state() {
    ArrayNode state = JSON.createArrayNode();
    rows.values().forEach(state::add);
    return state;
  }

  /** The outcome of these lines alone, in the form of {@code net}. */
  static ObjectNode net(List<JsonNode> lines) {
    ObjectNode net = JSON.createObjectNode();
    ObjectNode buckets = net.putObject("buckets");
    TreeSet<String> removed = new TreeSet<>();
    ObjectNode operations = JSON.createObjectNode();
    for (JsonNode line : lines) {
      String kind = line.fieldNames().next();
      JsonNode content = line.get(kind);
      switch (kind) {
        case "checkpoint", "checkpoint_diff" -> {
          content
              .path(kind.equals("checkpoint") ? "buckets" : "updated_buckets")
              .forEach(
                  bucket -> {
                    buckets.set(bucket.path("bucket").asText(), bucket);
                    removed.remove(bucket.path("bucket").asText());
                  });
          content.path("removed_buckets").forEach(bucket -> removed.add(bucket.asText()));
          net.set("last_op_id", content.get("last_op_id"));
          if (content.has("write_checkpoint")) {
            net.set("write_checkpoint", content.get("write_checkpoint"));
          } else {
            net.remove("write_checkpoint");
          }
          net.put("completed", false);
        }
        case "data" ->
            content
                .path("data")
                .forEach(operation -> operations.withArray("/" + pointer(content)).add(operation));
        case "checkpoint_complete" -> net.put("completed", true);
        default -> {}
      }
    }
    ArrayNode gone = net.putArray("removed");
    removed.forEach(gone::add);
    net.set("ops", operations);
    return net;
  }

  private static String pointer(JsonNode data) {
    return data.path("bucket").asText().replace("~", "~0").replace("/", "~1");
  }

  private void drop(String bucket) {
    rows.keySet().removeIf(key -> key.startsWith(bucket + "\0"));
  }

  private static JsonNode row(String bucket, JsonNode operation) {
    ObjectNode row = JSON.createObjectNode();
    row.put("bucket", bucket);
    row.set("object_type", operation.get("object_type"));
    row.set("object_id", operation.get("object_id"));
    row.set("data", operation.get("data"));
    return row;
  }
}
