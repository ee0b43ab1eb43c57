package org.powersync.jakarta.sync.bson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.junit.jupiter.api.Test;

class BsonObjectsTest {
  private static byte[] bson(String json) {
    BasicOutputBuffer out = new BasicOutputBuffer();
    new BsonDocumentCodec()
        .encode(
            new BsonBinaryWriter(out), BsonDocument.parse(json), EncoderContext.builder().build());
    return out.toByteArray();
  }

  @Test
  void everyNumberIsADouble() {
    Map<String, Object> parsed =
        BsonObjects.parse(
            bson(
                "{\"a\":1,\"b\":{\"$numberLong\":\"5\"},\"c\":1.5,\"d\":[true,null,\"ż\"],"
                    + "\"e\":{\"f\":{}}}"));
    assertThat(parsed).containsEntry("a", 1.0).containsEntry("b", 5.0).containsEntry("c", 1.5);
    assertThat(parsed.get("d")).isEqualTo(Arrays.asList(true, null, "ż"));
    assertThat(parsed.get("e")).isEqualTo(Map.of("f", Map.of()));
  }

  @Test
  void whatJsonDoesNotHaveIsRefused() {
    assertThatThrownBy(
            () -> BsonObjects.parse(bson("{\"a\":{\"$date\":\"2026-01-01T00:00:00Z\"}}")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "{\"a\":".repeat(200) + "1" + "}".repeat(200);
    byte[] bytes = bson(deep);
    assertThatThrownBy(() -> BsonObjects.parse(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deep");
  }

  @Test
  void damagedDocumentsAreRefusedWithoutMuchMemory() {
    byte[] good =
        bson("{\"token\":\"Token x\",\"n\":[1,{\"a\":\"b\"}],\"s\":\"" + "x".repeat(50) + "\"}");
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = good.clone();
      int changes = 1 + random.nextInt(4);
      for (int c = 0; c < changes; c++) {
        damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt(256);
      }
      try {
        BsonObjects.parse(damaged);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(5000);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> BsonObjects.parse(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    // A string that claims two gigabytes.
    byte[] huge = ByteBuffer.allocate(16).put(new byte[] {16, 0, 0, 0, 2, 'a', 0}).array();
    Arrays.fill(huge, 7, 10, (byte) 0xff);
    huge[10] = 0x7f;
    assertThatThrownBy(() -> BsonObjects.parse(huge)).isInstanceOf(IllegalArgumentException.class);
  }
}
