package org.powersync.jakarta.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a client keeps: its buckets with their positions, checksums and rows, by the rules that
 * clients follow. Violations of the protocol are thrown as {@link AssertionError}.
 */
public final class Replica {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A bucket at the client. */
  private static final class Bucket {
    private final Map<String, Row> rows = new HashMap<>();
    private long position;
    private int checksum;
  }

  /** A row: what identifies it on the whole client, and its content. */
  private record Row(String object, String content) {}

  private final Map<String, Bucket> buckets = new HashMap<>();
  private final Map<String, Integer> announced = new HashMap<>();
  private final Function<ObjectNode, String> content;
  private long checkpoint;

  /**
   * @param content what is kept of a row
   */
  public Replica(Function<ObjectNode, String> content) {
    this.content = content;
  }

  /** Positions for the next request: the {@code buckets} member. */
  public String positions() {
    return buckets.entrySet().stream()
        .map(
            bucket ->
                JSON.createObjectNode()
                    .put("name", bucket.getKey())
                    .put("after", Long.toString(bucket.getValue().position))
                    .toString())
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Takes a line; true when it completes a checkpoint. */
  public boolean apply(JsonNode line) {
    String kind = line.fieldNames().next();
    JsonNode content = line.get(kind);
    switch (kind) {
      case "checkpoint" -> {
        announced.clear();
        announce(content.get("buckets"));
        buckets.keySet().retainAll(announced.keySet());
        checkpoint = content.get("last_op_id").asLong();
      }
      case "checkpoint_diff" -> {
        announce(content.get("updated_buckets"));
        content
            .get("removed_buckets")
            .forEach(
                removed -> {
                  announced.remove(removed.asText());
                  buckets.remove(removed.asText());
                });
        checkpoint = content.get("last_op_id").asLong();
      }
      case "data" -> data(content);
      case "checkpoint_complete" -> {
        check("last_op_id of the completion", checkpoint, content.get("last_op_id").asLong());
        announced.forEach(
            (name, checksum) -> check("checksum of " + name, checksum, bucket(name).checksum));
        return true;
      }
      case "partial_checkpoint_complete", "token_expires_in" -> {}
      default -> throw new AssertionError("unknown line " + line);
    }
    return false;
  }

  /**
   * The rows of all buckets, by {@code rule/id}. Copies of a row in several buckets have to agree.
   */
  public Map<String, String> rows() {
    Map<String, String> all = new HashMap<>();
    buckets.forEach(
        (name, bucket) ->
            bucket
                .rows
                .values()
                .forEach(
                    row -> {
                      String other = all.put(row.object(), row.content());
                      if (other != null && !other.equals(row.content())) {
                        throw new AssertionError(
                            row + " in " + name + " is otherwise in another bucket: " + other);
                      }
                    }));
    return all;
  }

  private void announce(JsonNode descriptors) {
    descriptors.forEach(
        descriptor ->
            announced.put(descriptor.get("bucket").asText(), descriptor.get("checksum").asInt()));
  }

  private Bucket bucket(String name) {
    return buckets.computeIfAbsent(name, key -> new Bucket());
  }

  private void data(JsonNode data) {
    String name = data.get("bucket").asText();
    if (!announced.containsKey(name)) {
      throw new AssertionError("data of " + name + ", which is not in the checkpoint");
    }
    Bucket bucket = bucket(name);
    check("position before data of " + name, bucket.position, data.get("after").asLong());
    for (JsonNode operation : data.get("data")) {
      long id = operation.get("op_id").asLong();
      if (id <= bucket.position || id > checkpoint) {
        throw new AssertionError(
            "operation %d of %s after %d in checkpoint %d"
                .formatted(id, name, bucket.position, checkpoint));
      }
      bucket.position = id;
      apply(bucket, operation);
    }
    long next = data.get("next_after").asLong();
    if (next < bucket.position) {
      throw new AssertionError("next_after " + next + " of " + name + " goes back");
    }
    bucket.position = next;
  }

  private void apply(Bucket bucket, JsonNode operation) {
    String object =
        operation.path("object_type").asText() + "/" + operation.path("object_id").asText();
    String key = object + "/" + operation.path("subkey").asText();
    bucket.checksum += (int) operation.get("checksum").asLong();
    switch (operation.get("op").asText()) {
      case "PUT" -> bucket.rows.put(key, new Row(object, content(operation.get("data"))));
      case "REMOVE" -> bucket.rows.remove(key);
      case "MOVE" -> {}
      case "CLEAR" -> {
        bucket.rows.clear();
        bucket.checksum = (int) operation.get("checksum").asLong();
      }
      default -> throw new AssertionError("unknown operation " + operation);
    }
  }

  private String content(JsonNode data) {
    try {
      return content.apply((ObjectNode) (data.isTextual() ? JSON.readTree(data.asText()) : data));
    } catch (JsonProcessingException e) {
      throw new AssertionError("row is not JSON: " + data, e);
    }
  }

  private static void check(String what, long expected, long found) {
    if (expected != found) {
      throw new AssertionError(what + " is " + found + " instead of " + expected);
    }
  }
}
