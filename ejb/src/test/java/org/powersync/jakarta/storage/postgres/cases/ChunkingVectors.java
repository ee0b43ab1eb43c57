package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.vector.VectorFile;
import org.powersync.jakarta.storage.vector.VectorTally;

/** {@code chunking.json}: how a request is split into chunks. */
public final class ChunkingVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    try (StorageCase c = new StorageCase(1, StorageCase.E)) {
      file.get("rows").forEach(row -> c.execute(insert(row)));
      for (JsonNode one : file.get("cases")) {
        tally.check(
            "chunking " + one.get("checkpoint") + one.get("requests") + one.get("options"),
            () -> assertThat(json(read(c, one))).containsExactlyElementsOf(one.get("chunks")));
      }
    }
  }

  private static List<BucketChunk> read(StorageCase c, JsonNode one) {
    List<Object> requests = new ArrayList<>();
    for (JsonNode request : one.get("requests")) {
      requests.add(request.get(0).asText());
      requests.add(request.get(1).asInt());
    }
    JsonNode options = one.get("options");
    return c.read(
        new OpId(one.get("checkpoint").asLong()),
        new ReadLimits(
            options.path("limit").asInt(ReadLimits.DEFAULT.rows()),
            options.path("chunkLimitBytes").asInt(ReadLimits.DEFAULT.chunkSize())),
        requests.toArray());
  }

  private static String insert(JsonNode row) {
    boolean move = !row.get("target_op").isNull();
    return """
    INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table, source_key,
      table_name, row_id, checksum, data, target_op)
    SELECT 1, '%s', %s, %s, 1, %s, %s"""
        .formatted(
            row.get("bucket").asText(),
            row.get("op_id").asText(),
            move
                ? "'MOVE', NULL, NULL, NULL, NULL"
                : "'PUT', 't', decode('10000000026964000300000074310000', 'hex'), 'type', 'id'",
            move ? "NULL" : "repeat('x', " + row.get("data_length").asText() + ")",
            row.get("target_op").asText());
  }

  private static List<JsonNode> json(List<BucketChunk> chunks) {
    List<JsonNode> json = new ArrayList<>();
    for (BucketChunk chunk : chunks) {
      ObjectNode node =
          JsonNodeFactory.instance
              .objectNode()
              .put("bucket", chunk.bucket().value())
              .put("after", chunk.after().toString())
              .put("next_after", chunk.nextAfter().toString())
              .put("has_more", chunk.hasMore());
      ArrayNode ops = node.putArray("op_ids");
      chunk.operations().forEach(operation -> ops.add(Long.toString(operation.opId())));
      if (chunk.targetOp().isPresent()) {
        node.put("target_op", Long.toString(chunk.targetOp().getAsLong()));
      } else {
        node.putNull("target_op");
      }
      json.add(node);
    }
    return json;
  }
}
