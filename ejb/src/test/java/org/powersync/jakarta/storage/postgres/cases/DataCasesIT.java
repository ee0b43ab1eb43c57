package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.cases.StorageCase.G;
import static org.powersync.jakarta.storage.postgres.cases.StorageCase.definition;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.identity;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.rid;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Cases D1 to D38: rows become operations, operations become chunks. */
class DataCasesIT {
  private static final String TEST_D = definition("g", "select * from test");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d1RemovingARow(int version) {
    try (StorageCase c = new StorageCase(version, G).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "test1", "description", "test1")), delete(test, "test1"));
      c.commit("1/1");
      assertThat(c.operations("global[]"))
          .extracting(text -> text.substring(2))
          .containsExactly("PUT test1 2871785649", "REMOVE test1 2872534815");
      assertThat(c.checksum("global[]")).isEqualTo(new BucketChecksum(1449353168, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d2InsertAfterDeleteInSeparateCommits(int version) {
    try (StorageCase c = new StorageCase(version, G).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(delete(test, "test1"));
      assertThat(c.commit("0/1").blocked()).isTrue();
      c.save(insert(test, row("id", "test1", "description", "test1")));
      c.commit("2/1");
      assertThat(c.operations("global[]"))
          .extracting(text -> text.substring(2))
          .containsExactly("PUT test1 2871785649");
      assertThat(c.checksum("global[]")).isEqualTo(new BucketChecksum((int) 2871785649L, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d4InsertAfterDeleteInOneBatch(int version) {
    try (StorageCase c = new StorageCase(version, G).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(delete(test, "test1"), insert(test, row("id", "test1", "description", "test1")));
      c.commit("1/1");
      assertThat(c.operations("global[]"))
          .extracting(text -> text.substring(2))
          .containsExactly("PUT test1 2871785649");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d6ChangingClientIds(int version) {
    String config = definition("global", "SELECT client_id as id, description FROM \"%\"");
    try (StorageCase c = new StorageCase(version, config).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(
          insert(test, row("id", "test1", "client_id", "client1a", "description", "test1a")),
          update(test, row("id", "test1", "client_id", "client1b", "description", "test1b")),
          insert(test, row("id", "test2", "client_id", "client2", "description", "test2")));
      c.commit("1/1");
      assertThat(c.all("global[]"))
          .extracting(operation -> operation.kind() + " " + operation.objectId())
          .containsExactly("PUT client1a", "PUT client1b", "REMOVE client1a", "PUT client2");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d7ReappliedDelete(int version) {
    try (StorageCase c = new StorageCase(version, G).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "test1", "description", "test1"))).flush();
      c.save(delete(test, "test1")).commit("1/1");
      c.save(delete(test, "test1")).flush();
      assertThat(c.all("global[]"))
          .extracting(BucketOperation::kind)
          .containsExactly(BucketOperation.Kind.PUT, BucketOperation.Kind.REMOVE);
      assertThat(c.checksum("global[]").count()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d8ReappliedUpdateAndDelete(int version) {
    try (StorageCase c = new StorageCase(version, G).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "test1", "description", "test1"))).flush();
      for (String position : List.of("1/1", "2/1")) {
        c.done("1/1");
        c.save(
            update(test, row("id", "test1", "description", SqlValue.ABSENT)),
            update(test, row("id", "test1", "description", SqlValue.ABSENT)),
            delete(test, "test1"));
        c.commit(position);
      }
      assertThat(c.operations("global[]"))
          .extracting(text -> text.substring(2))
          .containsExactly(
              "PUT test1 2871785649",
              "PUT test1 2871785649",
              "PUT test1 2871785649",
              "REMOVE test1 2872534815");
      assertThat(c.checksum("global[]")).isEqualTo(new BucketChecksum(-1397010126, 4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d10IdentityFullChanged(int version) {
    try (StorageCase c = new StorageCase(version, G).done("1/1")) {
      SourceTable test = c.table("test");
      ReplicaId before = identity(row("id", "test1", "description", "test1a"));
      ReplicaId after = identity(row("id", "test1", "description", "test1b"));
      c.save(new RowChange.Insert(test, row("id", "test1", "description", "test1a"), before))
          .flush();
      c.save(
              new RowChange.Update(
                  test, Optional.of(before), row("id", "test1", "description", "test1b"), after))
          .flush();
      c.save(new RowChange.Delete(test, after)).flush();
      String table = "6544e3899293153fa7b38331/";
      assertThat(c.all("global[]").subList(1, 4))
          .extracting(operation -> operation.kind() + " " + operation.subkey())
          .containsExactly(
              "REMOVE " + table + "740ba9f2-8b0f-53e3-bb17-5f38a9616f0e",
              "PUT " + table + "500e9b68-a2fd-51ff-9c00-313e2fb9f562",
              "REMOVE " + table + "500e9b68-a2fd-51ff-9c00-313e2fb9f562");
      assertThat(StorageCase.data(c.all("global[]").get(2)))
          .isEqualTo("{\"id\":\"test1\",\"description\":\"test1b\"}");
    }
  }

  @Test
  void d12LargeRows() {
    try (StorageCase c = new StorageCase(2, G).done("1/1")) {
      fourRows(c, 12_000_000);
      ReadLimits limits = new ReadLimits(1000, 16 << 20);
      BucketChunk first = c.read(limits, "global[]", 0).get(0);
      assertChunk(first, 0, 2, true, "1 PUT test1 2871785649", "2 PUT large1 454746904");
      List<BucketChunk> second = c.read(limits, "global[]", 2);
      assertThat(second).hasSize(1);
      assertChunk(second.get(0), 2, 4, false, "3 PUT large2 1795508474", "4 PUT test3 1359888332");
      assertThat(c.read(limits, "global[]", 4)).isEmpty();
    }
  }

  @Test
  void d13RowLimit() {
    try (StorageCase c = new StorageCase(2, G).done("1/1")) {
      SourceTable test = c.table("test");
      for (int i = 1; i <= 6; i++) {
        c.save(insert(test, row("id", "test" + i, "description", "test" + i)));
      }
      c.commit("1/1");
      ReadLimits limits = new ReadLimits(4, 1 << 20);
      assertThat(c.read(limits, "global[]", 0))
          .singleElement()
          .satisfies(
              chunk -> {
                assertThat(chunk.hasMore()).isTrue();
                assertThat(chunk.nextAfter()).isEqualTo(new OpId(4));
                assertThat(chunk.operations()).hasSize(4);
              });
      assertThat(c.read(limits, "global[]", 4))
          .singleElement()
          .satisfies(
              chunk -> {
                assertThat(chunk.hasMore()).isFalse();
                assertThat(chunk.after()).isEqualTo(new OpId(4));
                assertThat(chunk.nextAfter()).isEqualTo(new OpId(6));
              });
      assertThat(c.read(limits, "global[]", 6)).isEmpty();
    }
  }

  private static final String TWO_BUCKETS =
      """
      bucket_definitions:
        global1:
          data:
            - SELECT id, description FROM test WHERE bucket = 'global1'
        global2:
          data:
            - SELECT id, description FROM test WHERE bucket = 'global2'
      """;

  private static StorageCase twoBuckets() {
    StorageCase c = new StorageCase(2, TWO_BUCKETS).done("1/1");
    SourceTable test = c.table("test");
    for (int i = 1; i <= 10; i++) {
      String bucket = i == 1 ? "global1" : "global2";
      c.save(insert(test, row("id", "test" + i, "description", "test" + i, "bucket", bucket)));
      if (i == 5) {
        c.commit("1/1");
      }
    }
    c.commit("2/1");
    return c;
  }

  @Test
  void d14HasMoreWithinAndAcrossBuckets() {
    try (StorageCase c = twoBuckets()) {
      List<BucketChunk> chunks = c.read(new ReadLimits(2, 1 << 20), "global1[]", 0, "global2[]", 0);
      assertThat(chunks).hasSize(2);
      assertThat(chunks.get(0).hasMore()).isFalse();
      assertThat(chunks.get(0).nextAfter()).isEqualTo(new OpId(1));
      assertThat(chunks.get(1).hasMore()).isTrue();
      assertThat(chunks.get(1).nextAfter()).isEqualTo(new OpId(2));
      List<Long> read = new ArrayList<>();
      int after = 0;
      boolean more = true;
      while (more) {
        List<BucketChunk> next = c.read(new ReadLimits(2, 1 << 20), "global2[]", after);
        more = false;
        for (BucketChunk chunk : next) {
          chunk.operations().forEach(operation -> read.add(operation.opId()));
          after = (int) chunk.nextAfter().value();
          more = chunk.hasMore();
        }
      }
      assertThat(read).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }
  }

  @Test
  void d15EnoughForAll() {
    try (StorageCase c = twoBuckets()) {
      List<BucketChunk> chunks =
          c.read(new ReadLimits(11, 1 << 20), "global1[]", 0, "global2[]", 0);
      assertThat(chunks).extracting(BucketChunk::hasMore).containsExactly(false, false);
      assertThat(chunks).extracting(chunk -> chunk.nextAfter().value()).containsExactly(1L, 10L);
    }
  }

  @Test
  void d17EmptyMetrics() {
    try (StorageCase c = new StorageCase(2, StorageCase.E)) {
      assertThat(c.provider().metrics().operationBytes()).isZero();
      assertThat(c.provider().metrics().parameterBytes()).isZero();
      assertThat(c.provider().metrics().replicationBytes()).isZero();
      c.done("1/0").commit("1/0");
      assertThat(c.provider().metrics().operationBytes()).isNotNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d19SameChecksumAtALaterCheckpoint(int version) {
    String config = definition("global", "SELECT client_id as id, description FROM \"%\"");
    try (StorageCase c = new StorageCase(version, config).done("1/1")) {
      c.save(insert(c.table("test"), row("id", "test1", "description", "test1a")));
      c.commit("1/1");
      BucketChecksum expected = new BucketChecksum(1917136889, 1);
      assertThat(c.checksum("global[]")).isEqualTo(expected);
      OpId next = new OpId(c.checkpoint().value() + 1);
      assertThat(c.reader().checksums(next, List.of(c.bucket("global[]")))).containsValue(expected);
    }
  }

  @Test
  void d26DefaultChunkLimit() {
    try (StorageCase c = new StorageCase(2, G).done("1/1")) {
      fourRows(c, 2_000_000);
      String[] operations = {
        "1 PUT test1 2871785649",
        "2 PUT large1 1178768505",
        "3 PUT large2 1607205872",
        "4 PUT test3 1359888332"
      };
      for (int after = 0; after < 4; after++) {
        assertChunk(
            c.read(ReadLimits.DEFAULT, "global[]", after).get(0),
            after,
            after + 1,
            after < 3,
            operations[after]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d30EqualResults(int version) {
    String config = definition("g", "select id from test", "select id, d from test");
    try (StorageCase c = new StorageCase(version, config)) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "a", "d", "1"))).flush();
      String current = version == 3 ? "v3_current_data" : "current_data";
      assertThat(c.rows("SELECT buckets FROM powersync." + current).get(0).get("buckets"))
          .hasSize(2);
      c.save(delete(test, "a")).flush();
      assertThat(c.all("g[]"))
          .extracting(BucketOperation::kind)
          .containsExactly(
              BucketOperation.Kind.PUT, BucketOperation.Kind.PUT, BucketOperation.Kind.REMOVE);
    }
  }

  @Test
  void d31OpIdsOfSoftDeletes() {
    try (StorageCase c = new StorageCase(3, TEST_D)) {
      SourceTable test = c.table("test");
      for (String id : List.of("a", "b", "c", "d", "e")) {
        c.save(insert(test, row("id", id)));
      }
      c.flush();
      c.save(delete(test, "c"), delete(test, "a"));
      assertThat(c.flush()).contains(new OpId(9));
      assertThat(
              c.rows(
                  "SELECT pending_delete FROM powersync.v3_current_data"
                      + " WHERE pending_delete IS NOT NULL ORDER BY source_key"))
          .extracting(found -> found.get("pending_delete").asLong())
          .containsExactly(6L, 7L);
      assertThat(c.all("g[]").subList(5, 7))
          .extracting(operation -> operation.opId() + " " + operation.objectId())
          .containsExactly("8 c", "9 a");
    }
  }

  @Test
  void d32UpdateOfASoftDeletedRow() {
    try (StorageCase c = new StorageCase(3, TEST_D)) {
      SourceTable test = c.table("test");
      List<RowChange.Update> unavailable = new ArrayList<>();
      var writer = c.writer(WriterOptions.streaming().withOnUnavailable(unavailable::add));
      writer.save(insert(test, row("id", "a", "d", "1")));
      writer.flush();
      writer.save(delete(test, "a"));
      writer.flush();
      int operations = c.all("g[]").size();
      writer.save(update(test, row("id", "a", "d", SqlValue.ABSENT)));
      writer.flush();
      assertThat(unavailable).isEmpty();
      assertThat(c.all("g[]")).hasSize(operations);
      assertThat(
              c.rows(
                      "SELECT buckets, pending_delete, encode(data, 'hex') AS data"
                          + " FROM powersync.v3_current_data")
                  .get(0)
                  .toString())
          .isEqualTo(
              "{\"data\":\"0f0000000269640002000000610000\",\"buckets\":[],"
                  + "\"pending_delete\":null}");
      writer.save(delete(test, "a"));
      writer.save(update(test, row("id", "a", "d", SqlValue.ABSENT)));
      writer.flush();
      assertThat(unavailable).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void d33DataBeforeParameters(int version) {
    String config =
        """
        bucket_definitions:
          g:
            parameters: select id as x from test where id = token_parameters.user_id
            data:
              - select * from test where id = bucket.x
        """;
    try (StorageCase c = new StorageCase(version, config)) {
      SourceTable test = c.table("test");
      for (String id : List.of("a", "b", "c")) {
        c.save(insert(test, row("id", id, "d", "1"))).flush();
      }
      assertThat(ids(c, "bucket_data", "op_id")).containsExactly(1L, 3L, 5L);
      assertThat(ids(c, "bucket_parameters", "id")).containsExactly(2L, 4L, 6L);
      for (String id : List.of("a", "b", "c")) {
        c.save(update(test, row("id", id, "d", SqlValue.ABSENT)));
      }
      c.flush();
      assertThat(ids(c, "bucket_data", "op_id")).endsWith(7L, 8L, 9L);
      assertThat(ids(c, "bucket_parameters", "id")).endsWith(10L, 11L, 12L);
      assertThat(c.writer().truncate(List.of(test))).contains(new OpId(18));
      assertThat(ids(c, "bucket_data", "op_id")).endsWith(13L, 14L, 15L);
      assertThat(ids(c, "bucket_parameters", "id")).endsWith(16L, 17L, 18L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d35Drop(int version) {
    try (StorageCase c = new StorageCase(version, TEST_D).done("1/1")) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "q"))).commit("1/1");
      c.writer().drop(List.of(test));
      assertThat(c.operations("g[]").get(1)).startsWith("2 REMOVE q");
      assertThat(c.rows("SELECT 1 FROM powersync.source_tables")).isEmpty();
      assertThat(c.commitIfChanged("1/2").created()).isTrue();
      assertThat(c.checkpoint()).isEqualTo(new OpId(2));
    }
  }

  @Test
  void d36RecordLimit() {
    try (StorageCase c = new StorageCase(2, TEST_D, new BatchLimits(3, 5_000_000, 50_000_000))) {
      SourceTable test = c.table("test");
      List<Optional<OpId>> results = new ArrayList<>();
      for (String id : List.of("a", "b", "c", "d", "e")) {
        results.add(c.writer().save(insert(test, row("id", id))));
      }
      assertThat(results.subList(0, 3))
          .containsExactly(Optional.empty(), Optional.empty(), Optional.of(new OpId(3)));
      assertThat(c.flush()).contains(new OpId(5));
    }
  }

  @Test
  void d36SizeLimit() {
    try (StorageCase c = new StorageCase(2, TEST_D, new BatchLimits(2000, 1000, 50_000_000))) {
      SourceTable test = c.table("test");
      for (String id : List.of("a", "b", "c", "d")) {
        c.save(insert(test, row("id", id, "d", "x".repeat(300))));
      }
      c.flush();
      assertThat(ids(c, "bucket_data", "op_id")).containsExactly(1L, 2L, 3L, 4L);
      assertThat(c.rows("SELECT DISTINCT xmin::text FROM powersync.bucket_data")).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d37DuplicateInsertWhileSkipping(int version) {
    try (StorageCase c = new StorageCase(version, TEST_D)) {
      SourceTable test = c.table("test");
      c.save(insert(test, row("id", "a"))).flush();
      var writer = c.writer(WriterOptions.snapshot());
      writer.save(insert(test, row("id", "a")));
      writer.save(insert(test, row("id", "n")));
      writer.save(insert(test, row("id", "n")));
      writer.flush();
      assertThat(c.all("g[]")).extracting(BucketOperation::objectId).containsExactly("a", "n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void d38FailedFlush(int version) {
    try (StorageCase c = new StorageCase(version, TEST_D)) {
      c.save(insert(c.table("test"), row("id", "a")));
      c.execute("ALTER TABLE powersync.bucket_data ADD CONSTRAINT refuse CHECK (op_id > 1)");
      assertThat(org.assertj.core.api.Assertions.catchThrowable(c::flush))
          .isInstanceOf(PowerSyncException.class);
      assertThat(c.all("g[]")).isEmpty();
      assertThat(c.status().lastKeepalive()).isPresent();
      assertThat(c.flush()).contains(new OpId(2));
      assertThat(c.all("g[]")).hasSize(1);
    }
  }

  private static List<Long> ids(StorageCase c, String table, String column) {
    return c.rows("SELECT " + column + " AS id FROM powersync." + table + " ORDER BY 1").stream()
        .map(found -> found.get("id").asLong())
        .toList();
  }

  private static void fourRows(StorageCase c, int length) {
    SourceTable test = c.table("test");
    String large = "0123456789".repeat(length / 10);
    c.save(
        insert(test, row("id", "test1", "description", "test1")),
        insert(test, row("id", "large1", "description", large)),
        new RowChange.Insert(test, row("id", "large2", "description", large), rid("large2")),
        insert(test, row("id", "test3", "description", "test3")));
    c.commit("1/1");
  }

  private static void assertChunk(
      BucketChunk chunk, long after, long next, boolean more, String... operations) {
    assertThat(chunk.after()).isEqualTo(new OpId(after));
    assertThat(chunk.nextAfter()).isEqualTo(new OpId(next));
    assertThat(chunk.hasMore()).isEqualTo(more);
    assertThat(chunk.operations()).extracting(StorageCase::text).containsExactly(operations);
  }
}
