package org.powersync.jakarta.sync.bson;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketOperation.Kind;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.BucketDescriptor;
import org.powersync.jakarta.sync.BucketReason;
import org.powersync.jakarta.sync.Line;
import org.powersync.jakarta.sync.StreamDescription;
import org.powersync.jakarta.sync.ndjson.NdjsonEncoder;
import org.powersync.jakarta.syncconfig.BucketName;

class BsonEncoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BsonEncoder encoder = new BsonEncoder();
  private final NdjsonEncoder ndjson = new NdjsonEncoder(true);

  private BsonDocument encode(Line line) {
    ByteBuffer bytes = encoder.encode(line);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    RawBsonDocument document = new RawBsonDocument(copy);
    assertThat(ByteBuffer.wrap(copy).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt())
        .isEqualTo(copy.length);
    return document.decode(new org.bson.codecs.BsonDocumentCodec());
  }

  private static BucketOperation put(long opId, String id, long checksum, String data) {
    return new BucketOperation(
        opId, Kind.PUT, "tasks", id, "s/" + id, checksum, data.getBytes(StandardCharsets.UTF_8));
  }

  private static Line data(List<BucketOperation> operations) {
    return new Line.Data(
        new BucketChunk(
            new BucketName("1#t[\"é\"]"),
            OpId.ZERO,
            new OpId(9),
            true,
            operations,
            OptionalLong.empty()));
  }

  @Test
  void operationsOfEveryKind() {
    BsonDocument line =
        encode(
                data(
                    List.of(
                        put(1, "k1", 77, "{\"a\":\"b\\né\"}"),
                        put(Long.MAX_VALUE, "kż", 4294967295L, "{}"),
                        new BucketOperation(2, Kind.REMOVE, "tasks", "k9", "s/k9", 77, null),
                        new BucketOperation(3, Kind.MOVE, null, null, null, 5, null),
                        new BucketOperation(4, Kind.CLEAR, null, null, null, -6, null))))
            .getDocument("data");
    assertThat(line.getString("bucket").getValue()).isEqualTo("1#t[\"é\"]");
    assertThat(line.getString("after").getValue()).isEqualTo("0");
    assertThat(line.getString("next_after").getValue()).isEqualTo("9");
    assertThat(line.getBoolean("has_more").getValue()).isTrue();
    assertThat(line.getArray("data").stream().map(BsonValue::toString))
        .containsExactly(
            "{\"op_id\": \"1\", \"op\": \"PUT\", \"object_type\": \"tasks\", \"object_id\": \"k1\","
                + " \"subkey\": \"s/k1\", \"data\": \"{\\\"a\\\":\\\"b\\\\né\\\"}\", \"checksum\":"
                + " 77}",
            "{\"op_id\": \"9223372036854775807\", \"op\": \"PUT\", \"object_type\": \"tasks\","
                + " \"object_id\": \"kż\", \"subkey\": \"s/kż\", \"data\": \"{}\", \"checksum\":"
                + " 4294967295}",
            "{\"op_id\": \"2\", \"op\": \"REMOVE\", \"object_type\": \"tasks\", \"object_id\":"
                + " \"k9\", \"subkey\": \"s/k9\", \"data\": null, \"checksum\": 77}",
            "{\"op_id\": \"3\", \"op\": \"MOVE\", \"checksum\": 5}",
            "{\"op_id\": \"4\", \"op\": \"CLEAR\", \"checksum\": -6}");
    assertThat(line.getArray("data").get(0).asDocument().get("checksum").getBsonType())
        .isEqualTo(BsonType.INT32);
    assertThat(line.getArray("data").get(1).asDocument().get("checksum").getBsonType())
        .isEqualTo(BsonType.INT64);
  }

  @Test
  void integersHaveTheTypesThatNativeClientsRead() {
    BsonDocument line = encode(checkpoint()).getDocument("checkpoint");
    assertThat(line.get("last_op_id").isString()).isTrue();
    assertThat(line.get("write_checkpoint").isString()).isTrue();
    BsonDocument bucket = line.getArray("buckets").get(0).asDocument();
    assertThat(bucket.get("checksum").isInt32()).isTrue();
    assertThat(bucket.get("count").isInt32()).isTrue();
    assertThat(bucket.get("priority").isInt32()).isTrue();
    assertThat(bucket.getArray("subscriptions").get(0).asDocument().get("default").isInt32())
        .isTrue();
    BsonDocument stream = line.getArray("streams").get(0).asDocument();
    assertThat(stream.get("is_default").isBoolean()).isTrue();
    assertThat(stream.getArray("errors").get(1).asDocument().get("subscription").isInt32())
        .isTrue();
    assertThat(encode(new Line.TokenExpiresIn(1L << 40)).get("token_expires_in").isInt32())
        .isTrue();
    assertThat(
            encode(new Line.PartialCheckpointComplete(OpId.ZERO, 1))
                .getDocument("partial_checkpoint_complete")
                .get("priority")
                .isInt32())
        .isTrue();
  }

  @Test
  void everyLineSaysTheSameAsInJson() throws Exception {
    Random random = new Random(5);
    List<BucketOperation> many = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      many.add(put(i + 1, "k" + i, random.nextInt() & 0xffffffffL, "{\"n\":" + i + "}"));
    }
    for (Line line :
        List.of(
            checkpoint(),
            new Line.CheckpointDiff(
                new OpId(3),
                OptionalLong.empty(),
                List.of(bucket()),
                List.of(new BucketName("1#x[]"), new BucketName("1#\"ż\"[]"))),
            data(many),
            new Line.PartialCheckpointComplete(new OpId(4), 2),
            new Line.CheckpointComplete(new OpId(4)),
            new Line.TokenExpiresIn(20))) {
      JsonNode json = JSON.readTree(StandardCharsets.UTF_8.decode(ndjson.encode(line)).toString());
      assertThat(tree(encode(line))).isEqualTo(wide(json));
    }
  }

  private static Line checkpoint() {
    StreamDescription stream =
        new StreamDescription(
            "s",
            false,
            List.of(
                new StreamDescription.Problem(OptionalInt.empty(), "a \"b\""),
                new StreamDescription.Problem(OptionalInt.of(3), "c")));
    return new Line.Checkpoint(
        new OpId(Long.MAX_VALUE), OptionalLong.of(7), List.of(bucket()), List.of(stream));
  }

  private static BucketDescriptor bucket() {
    return new BucketDescriptor(
        new BucketName("1#b[]"),
        new BucketChecksum(Integer.MIN_VALUE, 2),
        1,
        List.of(
            new BucketReason(BucketReason.Kind.DEFAULT, 0),
            new BucketReason(BucketReason.Kind.SUBSCRIPTION, 12)));
  }

  private static JsonNode tree(BsonValue value) {
    return switch (value.getBsonType()) {
      case DOCUMENT -> {
        ObjectNode object = JSON.createObjectNode();
        value.asDocument().forEach((name, member) -> object.set(name, tree(member)));
        yield object;
      }
      case ARRAY -> {
        ArrayNode array = JSON.createArrayNode();
        value.asArray().forEach(element -> array.add(tree(element)));
        yield array;
      }
      case STRING -> JSON.getNodeFactory().textNode(value.asString().getValue());
      case BOOLEAN -> JSON.getNodeFactory().booleanNode(value.asBoolean().getValue());
      case NULL -> JSON.nullNode();
      case INT32, INT64 -> JSON.getNodeFactory().numberNode(value.asNumber().longValue());
      default -> throw new AssertionError(value.getBsonType());
    };
  }

  /** The same tree with every number as a long. */
  private static JsonNode wide(JsonNode node) {
    if (node.isObject()) {
      ObjectNode object = JSON.createObjectNode();
      node.fields().forEachRemaining(f -> object.set(f.getKey(), wide(f.getValue())));
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = JSON.createArrayNode();
      node.forEach(element -> array.add(wide(element)));
      return array;
    }
    return node.isNumber() ? JSON.getNodeFactory().numberNode(node.longValue()) : node;
  }
}
