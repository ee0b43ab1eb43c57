package org.powersync.jakarta.sync.ndjson;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
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
import org.powersync.jakarta.syncconfig.BucketName;

class NdjsonEncoderTest {
  private final NdjsonEncoder raw = new NdjsonEncoder(true);
  private final NdjsonEncoder legacy = new NdjsonEncoder(false);

  private static String encode(NdjsonEncoder encoder, Line line) {
    return StandardCharsets.UTF_8.decode(encoder.encode(line)).toString();
  }

  private static BucketOperation put(long opId, String id, String data) {
    return new BucketOperation(
        opId, Kind.PUT, "tasks", id, "s/" + id, 4294967295L, data.getBytes(StandardCharsets.UTF_8));
  }

  private static Line data(BucketOperation... operations) {
    return new Line.Data(
        new BucketChunk(
            new BucketName("1#t[\"é\"]"),
            OpId.ZERO,
            new OpId(9),
            true,
            List.of(operations),
            OptionalLong.empty()));
  }

  private static final String HEAD =
      "{\"data\":{\"bucket\":\"1#t[\\\"é\\\"]\",\"after\":\"0\",\"has_more\":true,\"data\":[";
  private static final String TAIL = "],\"next_after\":\"9\"}}\n";

  @Test
  void operationsOfEveryKind() {
    assertThat(
            encode(
                raw,
                data(
                    put(1, "k1", "{\"a\":\"b\\n\"}"),
                    new BucketOperation(2, Kind.REMOVE, "tasks", "k9", "s/k9", 77, null),
                    new BucketOperation(3, Kind.MOVE, null, null, null, 5, null),
                    new BucketOperation(4, Kind.CLEAR, null, null, null, -6, null))))
        .isEqualTo(
            HEAD
                + "{\"op_id\":\"1\",\"op\":\"PUT\",\"object_type\":\"tasks\",\"object_id\":\"k1\","
                + "\"checksum\":4294967295,\"subkey\":\"s/k1\","
                + "\"data\":\"{\\\"a\\\":\\\"b\\\\n\\\"}\"},"
                + "{\"op_id\":\"2\",\"op\":\"REMOVE\",\"object_type\":\"tasks\","
                + "\"object_id\":\"k9\",\"checksum\":77,\"subkey\":\"s/k9\",\"data\":null},"
                + "{\"op_id\":\"3\",\"op\":\"MOVE\",\"checksum\":5},"
                + "{\"op_id\":\"4\",\"op\":\"CLEAR\",\"checksum\":-6}"
                + TAIL);
  }

  @Test
  void oldClientsGetRowsEmbeddedAsTheyAreStored() {
    assertThat(
            encode(
                legacy,
                data(
                    put(1, "k1", "{\"n\":12345678901234567890.10}"),
                    new BucketOperation(3, Kind.MOVE, null, null, null, 5, null))))
        .isEqualTo(
            HEAD
                + "{\"op_id\":\"1\",\"op\":\"PUT\",\"object_type\":\"tasks\",\"object_id\":\"k1\","
                + "\"checksum\":4294967295,\"subkey\":\"s/k1\","
                + "\"data\":{\"n\":12345678901234567890.10}},"
                + "{\"op_id\":\"3\",\"op\":\"MOVE\",\"checksum\":5,\"data\":null}"
                + TAIL);
  }

  @Test
  void checkpoints() {
    BucketDescriptor bucket =
        new BucketDescriptor(
            new BucketName("1#b[]"),
            new BucketChecksum(Integer.MIN_VALUE, 2),
            1,
            List.of(
                new BucketReason(BucketReason.Kind.DEFAULT, 0),
                new BucketReason(BucketReason.Kind.SUBSCRIPTION, 12)));
    StreamDescription stream =
        new StreamDescription(
            "s",
            false,
            List.of(
                new StreamDescription.Problem(OptionalInt.empty(), "a \"b\""),
                new StreamDescription.Problem(OptionalInt.of(3), "c")));
    String described =
        "{\"bucket\":\"1#b[]\",\"checksum\":-2147483648,\"count\":2,\"priority\":1,"
            + "\"subscriptions\":[{\"default\":0},{\"sub\":12}]}";

    assertThat(
            encode(
                raw,
                new Line.Checkpoint(
                    new OpId(Long.MAX_VALUE),
                    OptionalLong.of(7),
                    List.of(bucket),
                    List.of(stream))))
        .isEqualTo(
            "{\"checkpoint\":{\"last_op_id\":\"9223372036854775807\",\"write_checkpoint\":\"7\","
                + "\"buckets\":["
                + described
                + "],\"streams\":[{\"name\":\"s\",\"is_default\":false,\"errors\":["
                + "{\"subscription\":\"default\",\"message\":\"a \\\"b\\\"\"},"
                + "{\"subscription\":3,\"message\":\"c\"}]}]}}\n");
    assertThat(
            encode(
                raw,
                new Line.CheckpointDiff(
                    new OpId(10),
                    OptionalLong.empty(),
                    List.of(bucket),
                    List.of(new BucketName("1#x[]"), new BucketName("1#y[]")))))
        .isEqualTo(
            "{\"checkpoint_diff\":{\"last_op_id\":\"10\",\"updated_buckets\":["
                + described
                + "],\"removed_buckets\":[\"1#x[]\",\"1#y[]\"]}}\n");
  }

  @Test
  void completionsAndTheToken() {
    assertThat(encode(raw, new Line.PartialCheckpointComplete(new OpId(4), 0)))
        .isEqualTo("{\"partial_checkpoint_complete\":{\"last_op_id\":\"4\",\"priority\":0}}\n");
    assertThat(encode(raw, new Line.CheckpointComplete(OpId.ZERO)))
        .isEqualTo("{\"checkpoint_complete\":{\"last_op_id\":\"0\"}}\n");
    assertThat(encode(raw, new Line.TokenExpiresIn(3600)))
        .isEqualTo("{\"token_expires_in\":3600}\n");
  }

  @Test
  void anyTextSurvives() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c < 0x300; c++) {
      all.append((char) c);
    }
    all.append("€\uffff🐘").appendCodePoint(0x10ffff);
    String row = new ObjectMapper().writeValueAsString(all.toString());

    String line = encode(raw, data(put(1, all.toString(), row), put(2, "\ud800x", all.toString())));

    var operations = new ObjectMapper().readTree(line).path("data").path("data");
    assertThat(operations.get(0).get("object_id").asText()).isEqualTo(all.toString());
    assertThat(operations.get(0).get("data").asText()).isEqualTo(row);
    assertThat(operations.get(1).get("object_id").asText()).isEqualTo("\ufffdx");
    assertThat(operations.get(1).get("data").asText()).isEqualTo(all.toString());
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
  }

  @Test
  void linesOfAnySizeInAnyOrder() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(1 << random.nextInt(1, 18));
      while (text.length() < length) {
        text.append((char) random.nextInt(random.nextBoolean() ? 0x28 : 0x80));
      }

      String line = encode(raw, data(put(1, "k", text.toString())));

      assertThat(new ObjectMapper().readTree(line).at("/data/data/0/data").asText())
          .isEqualTo(text.toString());
    }
  }
}
