package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HexFormat;
import java.util.UUID;
import org.bson.BsonBinaryWriter;
import org.bson.io.BasicOutputBuffer;
import org.bson.types.ObjectId;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.postgres.format.Checksums;
import org.powersync.jakarta.storage.postgres.format.ReplicaIds;
import org.powersync.jakarta.syncconfig.value.BsonWriter;
import org.powersync.jakarta.syncconfig.value.MemberOrder;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** {@code replica-id.json}. */
public final class ReplicaIdVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    Checksums checksums = new Checksums();
    for (JsonNode vector : file.get("cases")) {
      tally.check(
          "replica id " + vector.get("name").asText(),
          () -> {
            byte[] sourceKey = replicaId(vector.get("id")).sourceKey();
            assertThat(HexFormat.of().formatHex(sourceKey))
                .isEqualTo(vector.get("source_key_hex").asText());
            for (JsonNode result : vector.get("results")) {
              String subkey = ReplicaIds.subkey(result.get("source_table").asText(), sourceKey);
              assertThat(subkey).isEqualTo(result.get("subkey").asText());
              assertThat(checksums.remove(subkey))
                  .isEqualTo(result.get("remove_checksum").asLong());
            }
          });
    }
  }

  private static ReplicaId replicaId(JsonNode id) {
    return switch (id.fieldNames().next()) {
      case "uuid" -> ReplicaIds.of(UUID.fromString(id.get("uuid").asText()));
      case "objectId" -> objectId(id.get("objectId").asText());
      case "document" -> document(TaggedValues.row(id.get("document")));
      default -> ReplicaIds.of(TaggedValues.value(id));
    };
  }

  private static ReplicaId document(SourceRow row) {
    BsonWriter out = new BsonWriter().startDocument("id");
    int[] order = MemberOrder.permutation(row.layout().names());
    for (int i = 0; i < row.size(); i++) {
      int at = order == null ? i : order[i];
      out.member(row.layout().name(at), row.value(at));
    }
    return new ReplicaId(out.end().finish());
  }

  private static ReplicaId objectId(String hex) {
    BasicOutputBuffer bytes = new BasicOutputBuffer();
    try (BsonBinaryWriter writer = new BsonBinaryWriter(bytes)) {
      writer.writeStartDocument();
      writer.writeObjectId("id", new ObjectId(hex));
      writer.writeEndDocument();
    }
    return new ReplicaId(bytes.toByteArray());
  }
}
