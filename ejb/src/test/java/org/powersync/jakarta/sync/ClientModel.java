package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A client that checks every guarantee of the sync stream (sync API section 3.15). */
final class ClientModel {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final class Bucket {
    private long position;
    private int sum;
    private int announced;
    private int priority;
    private final Set<Long> received = new HashSet<>();
  }

  private final Map<String, Bucket> buckets = new HashMap<>();
  private long checkpoint = -1;
  private int completedPriority;
  private boolean open;
  private int completions;
  private int supersessions;

  /** Takes one line; fails when it breaks a promise. */
  void take(String text) throws JsonProcessingException {
    JsonNode node = JSON.readTree(text);
    assertThat(node.size()).isEqualTo(1);
    String type = node.fieldNames().next();
    JsonNode line = node.get(type);
    switch (type) {
      case "checkpoint" -> checkpoint(line);
      case "checkpoint_diff" -> diff(line);
      case "data" -> data(line);
      case "partial_checkpoint_complete" -> complete(line, line.get("priority").asInt());
      case "checkpoint_complete" -> {
        complete(line, 3);
        open = false;
        completions++;
      }
      default -> assertThat(type).isEqualTo("token_expires_in");
    }
  }

  int completions() {
    return completions;
  }

  /** Checkpoints that were never completed. */
  int supersessions() {
    return supersessions;
  }

  boolean upToDate(long lastOp) {
    return !open && checkpoint == lastOp;
  }

  Set<String> names() {
    return buckets.keySet();
  }

  private void checkpoint(JsonNode line) {
    assertThat(checkpoint).isEqualTo(-1);
    begin(line);
    line.get("buckets").forEach(this::describe);
  }

  private void diff(JsonNode line) {
    assertThat(checkpoint).isNotNegative();
    begin(line);
    line.get("removed_buckets").forEach(b -> assertThat(buckets.remove(b.asText())).isNotNull());
    line.get("updated_buckets").forEach(this::describe);
  }

  private void begin(JsonNode line) {
    supersessions += open ? 1 : 0;
    assertThat(line.get("last_op_id").asLong()).isGreaterThanOrEqualTo(checkpoint);
    checkpoint = line.get("last_op_id").asLong();
    completedPriority = -1;
    open = true;
  }

  private void describe(JsonNode bucket) {
    Bucket local = buckets.computeIfAbsent(bucket.get("bucket").asText(), name -> new Bucket());
    local.announced = bucket.get("checksum").asInt();
    local.priority = bucket.get("priority").asInt();
  }

  private void data(JsonNode line) {
    assertThat(open).isTrue();
    Bucket bucket = buckets.get(line.get("bucket").asText());
    assertThat(bucket).isNotNull();
    assertThat(bucket.priority).isGreaterThan(completedPriority);
    assertThat(line.get("after").asLong()).isEqualTo(bucket.position);
    assertThat(line.get("data")).isNotEmpty();
    for (JsonNode operation : line.get("data")) {
      long id = operation.get("op_id").asLong();
      assertThat(id).isGreaterThan(bucket.position).isLessThanOrEqualTo(checkpoint);
      assertThat(bucket.received.add(id)).isTrue();
      bucket.position = id;
      int checksum = (int) operation.get("checksum").asLong();
      bucket.sum = operation.get("op").asText().equals("CLEAR") ? checksum : bucket.sum + checksum;
    }
    assertThat(line.get("next_after").asLong()).isEqualTo(bucket.position);
  }

  private void complete(JsonNode line, int priority) {
    assertThat(open).isTrue();
    assertThat(line.get("last_op_id").asLong()).isEqualTo(checkpoint);
    assertThat(priority).isGreaterThan(completedPriority);
    completedPriority = priority;
    for (Bucket bucket : buckets.values()) {
      if (bucket.priority <= priority) {
        assertThat(bucket.sum).isEqualTo(bucket.announced);
      }
    }
  }
}
