package org.powersync.jakarta.storage.postgres.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.CompactedCheckpointException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.storage.postgres.format.Lookups;
import org.powersync.jakarta.storage.postgres.migration.PrivateTables;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The reading side, on rows written directly. */
class ReaderIT {
  private static final BucketName A = new BucketName("a[]");
  private static final BucketName B = new BucketName("b[]");
  private static final OpId NEWEST = new OpId(1000);
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final StorageFixture storage = new StorageFixture("reader");
  private CheckpointWatch watch;
  private BucketReader reader;

  @BeforeEach
  void open() {
    watch =
        new CheckpointWatch(
            storage.resources().sql(),
            storage.database()::connect,
            Thread::new,
            Duration.ofSeconds(1));
    reader =
        PostgresBucketReader.of(
            storage.resources().sql(),
            new GroupId(1),
            watch,
            storage.resources().commits(),
            Duration.ofMinutes(1),
            InstantSource.system(),
            Runnable::run);
  }

  @AfterEach
  void close() {
    watch.close();
    storage.close();
  }

  private void put(BucketName bucket, long op, String data) {
    storage
        .database()
        .execute(
            """
            INSERT INTO powersync.bucket_data
            VALUES (1, '%s', %d, 'PUT', 't', '\\x1e000000056964001000000004%s00', 'todos', 'r%d',
                    %d, '%s')"""
                .formatted(bucket, op, "7ab4854b4258a2ab320053a22c342300", op, op, data));
  }

  private void marker(BucketName bucket, long op, String kind, long checksum, long target) {
    storage
        .database()
        .execute(
            "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum,"
                + " target_op) VALUES (1, '%s', %d, '%s', %d, %d)"
                    .formatted(bucket, op, kind, checksum, target));
  }

  private void stream(int id, String state, long checkpoint, String position) {
    storage
        .database()
        .execute(
            """
            INSERT INTO powersync.sync_rules
                   (id, state, slot_name, content, storage_version, last_checkpoint,
                    last_checkpoint_lsn)
            VALUES (%d, '%s', 's%d', '', 2, %d, '%s')
                ON CONFLICT (id) DO UPDATE
               SET state = excluded.state, last_checkpoint = excluded.last_checkpoint,
                   last_checkpoint_lsn = excluded.last_checkpoint_lsn"""
                .formatted(id, state, id, checkpoint, position));
  }

  private static BucketPosition from(BucketName bucket, long after) {
    return new BucketPosition(bucket, new OpId(after));
  }

  @Test
  void operationsComeInBucketOrderAfterEachPositionUpToTheCheckpoint() {
    put(A, 1, "{\"n\":1}");
    put(B, 2, "{\"n\":2}");
    put(A, 3, "{\"n\":3}");
    put(A, 9, "{\"n\":9}");
    List<BucketChunk> chunks =
        reader.read(new OpId(5), List.of(from(B, 0), from(A, 1)), ReadLimits.DEFAULT);
    assertThat(chunks).extracting(BucketChunk::bucket).containsExactly(A, B);
    assertThat(chunks.get(0).operations()).extracting(BucketOperation::opId).containsExactly(3L);
    assertThat(chunks.get(0).after()).isEqualTo(new OpId(1));
    assertThat(chunks.get(0).nextAfter()).isEqualTo(new OpId(3));
    assertThat(chunks).noneMatch(BucketChunk::hasMore);
    BucketOperation operation = chunks.get(1).operations().get(0);
    assertThat(operation.subkey()).isEqualTo("t/7ab4854b-4258-a2ab-3200-53a22c342300");
    assertThat(new String(operation.data())).isEqualTo("{\"n\":2}");
  }

  @Test
  void readingStopsAtTheByteLimitAndSaysThatThereIsMore() {
    String big = "{\"t\":\"" + "x".repeat(3 << 20) + "\"}";
    for (int op = 1; op <= 4; op++) {
      put(A, op, big);
    }
    List<BucketChunk> first = reader.read(NEWEST, List.of(from(A, 0)), ReadLimits.DEFAULT);
    assertThat(first).extracting(BucketChunk::nextAfter).containsExactly(new OpId(1), new OpId(2));
    assertThat(first).allMatch(BucketChunk::hasMore);
    List<BucketChunk> second = reader.read(NEWEST, List.of(from(A, 2)), ReadLimits.DEFAULT);
    assertThat(second).extracting(BucketChunk::hasMore).containsExactly(true, false);
  }

  @Test
  void aMoveCarriesItsTargetAndNothingElse() {
    marker(A, 4, "MOVE", 77, 12);
    BucketChunk chunk = reader.read(NEWEST, List.of(from(A, 0)), ReadLimits.DEFAULT).get(0);
    assertThat(chunk.targetOp()).isEqualTo(OptionalLong.of(12));
    assertThat(chunk.operations())
        .containsExactly(
            new BucketOperation(4, BucketOperation.Kind.MOVE, null, null, null, 77, null));
  }

  @Test
  void checksumsAreSummedFromTheNearestKnownCheckpointAndRestartAtAClear() {
    put(A, 1, "{}");
    marker(A, 2, "MOVE", 4294967295L, 9);
    assertThat(reader.checksums(new OpId(2), List.of(A, B)))
        .isEqualTo(Map.of(A, new BucketChecksum(0, 2), B, BucketChecksum.EMPTY));
    put(A, 5, "{}");
    assertThat(reader.checksums(new OpId(5), List.of(A)))
        .containsEntry(A, new BucketChecksum(5, 3));
    storage.database().execute("DELETE FROM powersync.bucket_data WHERE op_id <= 5");
    marker(A, 6, "CLEAR", -3, 6);
    assertThat(reader.checksums(new OpId(7), List.of(A)))
        .containsEntry(A, new BucketChecksum(-3, 1));
  }

  @Test
  void whatHadToBeSummedOfALargeBucketIsRemembered() {
    PrivateTables.create(storage.resources().sql());
    stream(1, "ACTIVE", 6000, "0");
    storage
        .database()
        .execute(
            "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, table_name,"
                + " row_id, source_table, source_key, checksum, data) SELECT 1, b, n * 2 + (b ="
                + " 'b[]')::int, 'PUT', 't', n, 't', '', 1, '{}' FROM generate_series(1, 3000) n,"
                + " unnest(ARRAY['a[]', 'b[]']) b WHERE b = 'a[]' OR n <= 1000");
    assertThat(totals()).isEmpty();
    reader.checksums(new OpId(5000), List.of(A, B));
    assertThat(totals()).containsExactly("a[] 5000 2500 2500");
    reader.clearChecksumCache();
    reader.checksums(new OpId(6000), List.of(A));
    assertThat(totals()).as("few more").containsExactly("a[] 5000 2500 2500");

    reader.clearChecksumCache();
    storage.database().execute("DELETE FROM powersync.x_bucket_totals");
    assertThat(reader.checksums(new OpId(6001), List.of(A)))
        .containsEntry(A, new BucketChecksum(3000, 3000));
    assertThat(totals()).as("not a checkpoint of the stream").isEmpty();
  }

  @Test
  void aReaderThatMayNotWriteRemembersNothing() {
    stream(1, "ACTIVE", 6000, "0");
    storage
        .database()
        .execute(
            "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum)"
                + " SELECT 1, 'a[]', n, 'PUT', 1 FROM generate_series(1, 3000) n",
            "ALTER DATABASE "
                + storage.database().name()
                + " SET default_transaction_read_only = on");
    assertThat(reader.checksums(new OpId(6000), List.of(A)))
        .containsEntry(A, new BucketChecksum(3000, 3000));
  }

  private List<String> totals() {
    return storage
        .rows(
            "SELECT concat_ws(' ', bucket_name, op_id, checksum, operations) AS t"
                + " FROM powersync.x_bucket_totals")
        .stream()
        .map(row -> row.get("t").asText())
        .toList();
  }

  @Test
  void aCheckpointThatCompactionWentPastHasNoChecksums() {
    put(A, 1, "{}");
    put(B, 2, "{}");
    assertThat(reader.checksums(new OpId(2), List.of(A, B))).hasSize(2);
    put(A, 3, "{}");
    storage.database().execute("DELETE FROM powersync.bucket_data WHERE op_id IN (1, 3)");
    marker(A, 4, "CLEAR", 5, 4);
    assertThatThrownBy(() -> reader.checksums(new OpId(3), List.of(A, B)))
        .isInstanceOf(CompactedCheckpointException.class);
    assertThat(reader.checksums(new OpId(3), List.of(B))).containsKey(B);
    assertThat(reader.checksums(new OpId(4), List.of(A, B)))
        .containsEntry(A, new BucketChecksum(5, 1));
  }

  @Test
  void lookupsGiveTheNewestEntryOfEverySourceRowAsOfTheCheckpoint() throws Exception {
    ParameterLookup lookup = new ParameterLookup("m", "1", List.of(SqlValue.of("u1")));
    parameters(1, "01", lookup, "[{\"g\":\"old\"}]");
    parameters(2, "02", lookup, "[{\"g\":2},{\"g\":3}]");
    parameters(5, "01", lookup, "[{\"g\":\"new\"}]");
    parameters(7, "02", lookup, "[]");
    assertThat(values(reader.lookups(new OpId(4), List.of(lookup), 10), lookup))
        .containsExactly(SqlValue.of("old"), SqlValue.of(2), SqlValue.of(3));
    assertThat(values(reader.lookups(NEWEST, List.of(lookup, lookup), 10), lookup))
        .containsExactly(SqlValue.of("new"));
    assertThatThrownBy(() -> reader.lookups(new OpId(4), List.of(lookup), 2))
        .isInstanceOf(PowerSyncException.class)
        .hasMessageContaining("Too many parameter results (limit was 2)");
  }

  private static List<SqlValue> values(
      Map<ParameterLookup, List<org.powersync.jakarta.syncconfig.OutputRow>> found,
      ParameterLookup lookup) {
    return found.get(lookup).stream().flatMap(row -> row.values().stream()).toList();
  }

  private void parameters(long id, String key, ParameterLookup lookup, String rows)
      throws Exception {
    try (Connection connection = storage.database().connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "INSERT INTO powersync.bucket_parameters VALUES (?, 1, 't', ?, ?, ?)")) {
      statement.setLong(1, id);
      statement.setBytes(2, java.util.HexFormat.of().parseHex(key));
      statement.setBytes(3, Lookups.bytes(lookup));
      statement.setString(4, rows);
      statement.executeUpdate();
    }
  }

  @Test
  void subscribersHearOfNewCheckpointsOnlyForwardsAndEndWithTheirStream() throws Exception {
    assertThatThrownBy(reader::watch).hasMessageContaining("PSYNC_S2302");
    stream(1, "ACTIVE", 3, "1/1");
    try (CheckpointSubscription subscription = reader.watch()) {
      assertThat(advanced(subscription)).isEqualTo(3);
      assertThat(subscription.next(Duration.ZERO))
          .isInstanceOf(CheckpointSubscription.TimedOut.class);
      stream(1, "ACTIVE", 5, "1/2");
      storage.database().execute("NOTIFY powersynccheckpoints, 'x'");
      assertThat(advanced(subscription)).isEqualTo(5);
      stream(1, "ACTIVE", 4, "1/1");
      stream(1, "ACTIVE", 6, "1/3");
      assertThat(advanced(subscription)).isEqualTo(6);
      stream(2, "ACTIVE", 9, "1/4");
      assertThat(subscription.next(DEADLINE)).isInstanceOf(CheckpointSubscription.Ended.class);
    }
  }

  @Tag("wc-missed-notifications")
  @Test
  void aLostListeningConnectionIsOpenedAgain() throws Exception {
    stream(1, "ACTIVE", 3, "1/1");
    try (CheckpointSubscription subscription = reader.watch()) {
      assertThat(advanced(subscription)).isEqualTo(3);
      org.powersync.jakarta.fixture.Await.until(
          "the watch listens", DEADLINE, () -> !listeners().isEmpty());
      storage
          .database()
          .execute(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                  + " current_database() AND pid <> pg_backend_pid()");
      stream(1, "ACTIVE", 4, "1/2");
      assertThat(advanced(subscription)).isEqualTo(4);
    }
  }

  private List<?> listeners() {
    return storage.rows(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE '%sync_rules%' AND pid <> pg_backend_pid()");
  }

  private static long advanced(CheckpointSubscription subscription) throws Exception {
    CheckpointSubscription.Event event = subscription.next(DEADLINE);
    assertThat(event).isInstanceOf(CheckpointSubscription.Advanced.class);
    return ((CheckpointSubscription.Advanced) event).checkpoint().opId().value();
  }

  @Tag("wc-lsn-filter")
  @Test
  void writeCheckpointsBecomeEffectiveAtTheirPosition() {
    WriteCheckpoints checkpoints = new PostgresWriteCheckpoints(storage.resources().sql());
    Lsn five = new Lsn("5/0");
    assertThat(checkpoints.create(List.of(request("u1", five, 0), request("u2", five, 42))))
        .isEqualTo(new WriteCheckpoints.Result(Map.of("u1", 1L, "u2", 42L), true));
    assertThat(checkpoints.create(List.of(request("u2", new Lsn("8/0"), 41))).numbers())
        .isEqualTo(Map.of("u2", 42L));
    assertThat(checkpoints.create(List.of(request("u1", new Lsn("6/0"), 0))).numbers())
        .isEqualTo(Map.of("u1", 2L));
    assertThat(checkpoints.effective(List.of("u1", "u2", "u3"), Optional.of(five)))
        .isEqualTo(Map.of("u2", 42L));
    assertThat(checkpoints.effective(List.of("u1", "u2"), Optional.of(new Lsn("6/0"))))
        .isEqualTo(Map.of("u1", 2L, "u2", 42L));
    assertThat(checkpoints.create(List.of()))
        .isEqualTo(new WriteCheckpoints.Result(Map.of(), false));
  }

  private static WriteCheckpoints.Request request(String user, Lsn head, long id) {
    return new WriteCheckpoints.Request(
        user, head, id == 0 ? OptionalLong.empty() : OptionalLong.of(id));
  }
}
