package org.powersync.jakarta.storage.postgres.total;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.ExplainedPlan;
import org.powersync.jakarta.storage.postgres.compact.PostgresCompaction;
import org.powersync.jakarta.storage.postgres.total.BucketTotals.Total;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.BucketName;

class BucketTotalsIT {
  private static final GroupId STREAM = new GroupId(1);
  private static final BucketName A = new BucketName("a");

  private final WriterDatabase database = new WriterDatabase(2);
  private final BucketTotals totals = new BucketTotals(database.resources().sql());
  private final PostgresCompaction compaction = new PostgresCompaction(database.resources());
  private Connection connection;

  @BeforeEach
  void activate() throws SQLException {
    connection = database.database().connect();
    database
        .database()
        .execute("UPDATE powersync.sync_rules SET state = 'ACTIVE', last_checkpoint = 0");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    database.close();
  }

  @Test
  void nothingIsKnownBeforeTheFirstTotal() throws SQLException {
    put("a", 3000, 3000);
    long checkpoint = checkpoint();
    assertThat(known(checkpoint)).isEmpty();
    totals.refresh(STREAM, () -> false);
    assertThat(known(checkpoint)).containsOnlyKeys(A);
    assertThat(known(checkpoint - 1)).isEmpty();
    put("a", 10, 10);
    assertThat(known(checkpoint() + 5).get(A).through()).isEqualTo(new OpId(3000));
  }

  @Test
  void smallBucketsAreNotKept() throws SQLException {
    put("a", 1000, 1000);
    put("b", 3000, 3000);
    long checkpoint = checkpoint();
    assertThat(totals.refresh(STREAM, () -> false)).isEqualTo(2);
    assertThat(known(checkpoint)).isEmpty();
  }

  /** The total and what comes after it always add up to the sum over all operations. */
  @Test
  void totalsAddUpWhateverIsWrittenAndCompacted() throws SQLException {
    Random random = new Random(7);
    for (int round = 0; round < 25; round++) {
      put("a", 500 + random.nextInt(1500), 1 + random.nextInt(4000));
      switch (random.nextInt(4)) {
        case 0 -> totals.refresh(STREAM, () -> false);
        case 1 ->
            compaction.compact(
                STREAM,
                CompactionOptions.DEFAULT.withMaxOp(new OpId(random.nextInt(20_000))),
                () -> false);
        case 2 -> compaction.compact(STREAM, CompactionOptions.DEFAULT, () -> false);
        default -> {}
      }
      long checkpoint = checkpoint();
      Map<BucketName, Total> known = known(checkpoint);
      Sum direct = sum(0, checkpoint);
      if (known.isEmpty()) {
        continue;
      }
      Total total = known.get(A);
      Sum rest = sum(total.through().value(), checkpoint);
      assertThat(rest.cleared() ? rest.checksum() : total.sum().checksum() + rest.checksum())
          .as("round %d", round)
          .isEqualTo(direct.checksum());
    }
    assertThat(known(checkpoint())).isNotEmpty();
  }

  @Test
  void aTotalIsVoidOnceItsStreamWasClearedByWhomever() throws SQLException {
    put("a", 3000, 3000);
    checkpoint();
    totals.refresh(STREAM, () -> false);
    database.database().execute("DELETE FROM powersync.bucket_data");
    put("a", 10, 10);
    assertThat(known(checkpoint())).isEmpty();
  }

  @Test
  void aTotalOfAnotherInstallationIsNotUsed() throws SQLException {
    put("a", 3000, 3000);
    long checkpoint = checkpoint();
    totals.refresh(STREAM, () -> false);
    database.database().execute("UPDATE powersync.sync_rules SET slot_name = 'other'");
    assertThat(known(checkpoint)).isEmpty();
  }

  @Test
  void readersMayContributeWhatTheyRead() throws SQLException {
    put("a", 3000, 3000);
    long checkpoint = checkpoint();
    Total total = new Total(new OpId(3000), new BucketChecksum(42, 3000));
    totals.remember(STREAM, new OpId(checkpoint), Map.of(A, total));
    assertThat(known(checkpoint)).isEqualTo(Map.of(A, total));
    totals.remember(
        STREAM,
        new OpId(checkpoint),
        Map.of(A, new Total(new OpId(2999), new BucketChecksum(1, 2999))));
    assertThat(known(checkpoint)).isEqualTo(Map.of(A, total));
    assertThatThrownBy(() -> totals.remember(STREAM, new OpId(10), Map.of(A, total)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutTheTableNothingIsKnown() throws SQLException {
    put("a", 3000, 3000);
    long checkpoint = checkpoint();
    totals.refresh(STREAM, () -> false);
    assertThat(known(checkpoint)).isNotEmpty();
    database.database().execute("DROP TABLE powersync.x_bucket_totals");
    assertThat(known(checkpoint)).isEmpty();
    totals.refresh(STREAM, () -> false);
    assertThat(known(checkpoint)).isNotEmpty();
  }

  @Test
  void totalsAreFoundThroughPrimaryKeys() throws SQLException {
    put("a", 20_000, 20_000);
    checkpoint();
    totals.refresh(STREAM, () -> false);
    database
        .database()
        .execute(
            "INSERT INTO powersync.x_bucket_totals SELECT 'test_1_0000', n::text, 1, 1, 1"
                + " FROM generate_series(1, 20000) n",
            "ANALYZE");
    assertThat(
            ExplainedPlan.of(
                connection, BucketTotals.KNOWN, 1, new String[] {"a", "b"}, 20_000L, 1))
        .contains("x_bucket_totals_pkey")
        .contains("unique_id")
        .doesNotContain("Seq Scan on bucket_data")
        .doesNotContain("Seq Scan on x_bucket_totals");
  }

  private record Sum(int checksum, boolean cleared) {}

  private Sum sum(long after, long upTo) {
    var row =
        database
            .rows(
                """
                SELECT coalesce(sum(checksum), 0)::text AS checksum,
                       coalesce(bool_or(op = 'CLEAR'), false) AS cleared
                  FROM powersync.bucket_data
                 WHERE group_id = 1 AND bucket_name = 'a' AND op_id > %d AND op_id <= %d"""
                    .formatted(after, upTo))
            .get(0);
    return new Sum(
        (int) Long.parseLong(row.get("checksum").asText()), row.get("cleared").asBoolean());
  }

  private Map<BucketName, Total> known(long checkpoint) throws SQLException {
    return totals.known(
        connection, STREAM, new OpId(checkpoint), Set.copyOf(List.of(A, new BucketName("z"))));
  }

  private void put(String bucket, int operations, int rows) {
    database
        .database()
        .execute(
            """
            INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,
              source_key, table_name, row_id, checksum, data)
            SELECT 1, '%s', nextval('powersync.op_id_sequence'), 'PUT', 't', int4send(n %% %d),
                   'type', (n %% %d)::text, hashint4(n)::bigint & 4294967295, '{}'
              FROM generate_series(1, %d) AS n"""
                .formatted(bucket, rows, rows, operations));
  }

  private long checkpoint() {
    database
        .database()
        .execute(
            "UPDATE powersync.sync_rules SET last_checkpoint ="
                + " (SELECT last_value FROM powersync.op_id_sequence)");
    return database.streamRow().get("last_checkpoint").asLong();
  }
}
