package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.cases.StorageCase.G_STAR;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionOptions.Limits;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.WriterOptions;

/** Cases K1 to K8 and the expiry of C8. */
class CompactionCasesIT {
  private static final CompactionOptions SMALL =
      CompactionOptions.DEFAULT.withLimits(new Limits(1, 2, 1));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void k1Move(int version) {
    try (StorageCase c = new StorageCase(version, G_STAR).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(
          insert(test, row("id", "t1")),
          insert(test, row("id", "t2")),
          update(test, row("id", "t2")));
      c.commit("1/1");
      assertThat(c.operations("global[]"))
          .containsExactly("1 PUT t1 2634521662", "2 PUT t2 4243212114", "3 PUT t2 4243212114");
      assertThat(c.checksum("global[]")).isEqualTo(new BucketChecksum(-1763955998, 3));
      compact(c, SMALL);
      assertThat(c.operations("global[]"))
          .containsExactly("1 PUT t1 2634521662", "2 MOVE 4243212114", "3 PUT t2 4243212114");
      assertThat(c.read(ReadLimits.DEFAULT, "global[]", 0).get(0).targetOp())
          .isEqualTo(OptionalLong.of(3));
      assertThat(c.checksum("global[]")).isEqualTo(new BucketChecksum(-1763955998, 3));
      c.reader().clearChecksumCache();
      assertThat(c.checksum("global[]")).isEqualTo(new BucketChecksum(-1763955998, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void k2Clear(int version) {
    try (StorageCase c = new StorageCase(version, G_STAR).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(
          insert(test, row("id", "t1")),
          insert(test, row("id", "t2")),
          delete(test, "t1"),
          update(test, row("id", "t2")));
      c.commit("1/1");
      compact(c, SMALL);
      assertThat(c.all("global[]"))
          .extracting(operation -> operation.kind() + " " + operation.checksum())
          .containsExactly("CLEAR -1778190028", "PUT 4243212114");
      c.reader().clearChecksumCache();
      assertThat(c.checksum("global[]")).isEqualTo(new BucketChecksum(-1829945210, 2));
      assertThat(c.read(ReadLimits.DEFAULT, "global[]", 0).get(0).targetOp().orElse(0))
          .isLessThanOrEqualTo(c.checkpoint().value());
    }
  }

  @Test
  void k4Interleaved() {
    String config =
        """
        bucket_definitions:
          grouped:
            parameters: select 'b' as b
            data:
              - select * from test where b = bucket.b
        """;
    try (StorageCase c = new StorageCase(2, config).done("1/1")) {
      SourceTable test = c.table("test");
      for (int round = 0; round < 100; round++) {
        c.save(
            insert(test, row("id", "t1", "b", "b1", "value", "start")),
            update(test, row("id", "t1", "b", "b1", "value", "intermediate")),
            insert(test, row("id", "t2", "b", "b2", "value", "start")),
            update(test, row("id", "t1", "b", "b1", "value", "final")),
            update(test, row("id", "t2", "b", "b2", "value", "final")));
        c.commit("1/1");
      }
      compact(c, CompactionOptions.DEFAULT.withLimits(new Limits(100, 100, 1)));
      assertThat(c.operations("grouped[\"b1\"]"))
          .containsExactly("497 CLEAR -937074151", "499 PUT t1 52221819");
      assertThat(c.operations("grouped[\"b2\"]"))
          .containsExactly("498 CLEAR -234380197", "500 PUT t2 2126669493");
      BucketOperation kept = c.all("grouped[\"b1\"]").get(1);
      assertThat(StorageCase.data(kept))
          .isEqualTo("{\"id\":\"t1\",\"b\":\"b1\",\"value\":\"final\"}");
      assertThat(kept.subkey())
          .isEqualTo("6544e3899293153fa7b38331/117ab485-4b42-58a2-ab32-0053a22c3423");
      assertThat(c.all("grouped[\"b2\"]").get(1).subkey())
          .isEqualTo("6544e3899293153fa7b38331/ec27c691-b47a-5d92-927a-9944feb89eee");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void k5PartialAfterCompaction(int version) {
    try (StorageCase c = new StorageCase(version, G_STAR).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(
          new RowChange.Insert(test, row("id", "t1"), text("t1")),
          new RowChange.Insert(test, row("id", "t2"), text("t2")),
          new RowChange.Delete(test, text("t1")));
      c.commit("1/1");
      c.checksum("global[]");
      compact(c, SMALL);
      c.save(new RowChange.Delete(test, text("t2")));
      c.commit("2/1");
      assertThat(c.checksum("global[]").checksum()).isEqualTo(-134691003);
      c.reader().clearChecksumCache();
      assertThat(c.checksum("global[]").checksum()).isEqualTo(-134691003);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void k7DefaultUpperBound(int version) {
    try (StorageCase c = new StorageCase(version, G_STAR).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "t1"))).commit("1/1");
      try (BucketWriter second = c.storage().writer(WriterOptions.streaming())) {
        second.save(update(test, row("id", "t1")));
        second.flush();
      }
      compact(c, CompactionOptions.DEFAULT);
      compact(c, CompactionOptions.DEFAULT.withMaxOp(new OpId(100)));
      assertThat(c.all("global[]"))
          .extracting(BucketOperation::kind)
          .containsExactly(BucketOperation.Kind.PUT, BucketOperation.Kind.PUT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void k8NamedBucket(int version) {
    try (StorageCase c = new StorageCase(version, G_STAR).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "t1")), update(test, row("id", "t1"))).commit("1/1");
      compact(c, SMALL.withBuckets(List.of(c.bucket("other[]"))));
      assertThat(c.all("global[]")).hasSize(2).noneMatch(CompactionCasesIT::isMove);
      compact(c, SMALL.withBuckets(List.of(c.bucket("global[]"))));
      assertThat(c.operations("global[]"))
          .extracting(text -> text.split(" ")[0] + " " + text.split(" ")[1])
          .containsExactly("1 MOVE", "2 PUT");
    }
  }

  @Test
  void c8RetentionMarker() {
    try (StorageCase c = new StorageCase(2, StorageCase.E).done("1/1")) {
      c.commit("1/1");
      supply(c, 42);
      assertThat(requestedAt(c)).isNotEmpty();
      c.execute("UPDATE powersync.write_checkpoints SET checkpoint_requested_at = '2024-01-01'");
      supply(c, 41);
      assertThat(requestedAt(c)).startsWith("2024-01-01");
      supply(c, 42);
      assertThat(requestedAt(c)).doesNotStartWith("2024-01-01");
      supply(c, 43);
      c.provider().writeCheckpoints().create(List.of(request(OptionalLong.empty())));
      assertThat(requestedAt(c)).isEqualTo("null");
      c.execute("UPDATE powersync.write_checkpoints SET checkpoint_requested_at = '2024-01-01'");
      compact(
          c,
          CompactionOptions.DEFAULT
              .withBuckets(List.of())
              .withExpireRequestsBefore(Instant.parse("2024-02-01T00:00:00Z")));
      assertThat(c.rows("SELECT 1 FROM powersync.write_checkpoints")).isEmpty();
    }
  }

  private static boolean isMove(BucketOperation operation) {
    return operation.kind() == BucketOperation.Kind.MOVE;
  }

  private static void supply(StorageCase c, long number) {
    c.provider().writeCheckpoints().create(List.of(request(OptionalLong.of(number))));
  }

  private static WriteCheckpoints.Request request(OptionalLong number) {
    return new WriteCheckpoints.Request("user1", new Lsn("5/0"), number);
  }

  private static String requestedAt(StorageCase c) {
    return c.rows("SELECT checkpoint_requested_at AS at FROM powersync.write_checkpoints")
        .get(0)
        .get("at")
        .asText();
  }

  private static void compact(StorageCase c, CompactionOptions options) {
    c.compaction().compact(c.storage().stream().id(), options, () -> false);
  }

  /** A bare string as replica id. */
  static ReplicaId text(String id) {
    byte[] value = id.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bson =
        ByteBuffer.allocate(4 + 1 + 3 + 4 + value.length + 1 + 1).order(ByteOrder.LITTLE_ENDIAN);
    bson.putInt(bson.capacity()).put((byte) 2).put(new byte[] {'i', 'd', 0});
    bson.putInt(value.length + 1).put(value).put((byte) 0).put((byte) 0);
    return new ReplicaId(bson.array());
  }
}
