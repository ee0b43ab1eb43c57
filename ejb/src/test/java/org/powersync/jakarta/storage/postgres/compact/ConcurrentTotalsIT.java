package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CompactedCheckpointException;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.postgres.cases.TestReaders;
import org.powersync.jakarta.storage.postgres.total.BucketTotals;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * The proof that totals are what they say: while large buckets are written and compacted, by us and
 * by another implementation, and while readers remember what they sum, every first checksum is the
 * sum over the operations as they were written.
 */
class ConcurrentTotalsIT {
  private static final GroupId STREAM = new GroupId(1);
  private static final List<BucketName> BUCKETS = List.of(new BucketName("a"), new BucketName("b"));
  private static final int ROUNDS = 30;

  private final WriterDatabase database = new WriterDatabase(2);
  private final ShadowOperations shadow = new ShadowOperations(database.database());
  private final TestReaders readers = new TestReaders(database.database());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean written = new AtomicBoolean();
  private final AtomicInteger fromTotals = new AtomicInteger();

  @BeforeEach
  void activate() {
    database
        .database()
        .execute("UPDATE powersync.sync_rules SET state = 'ACTIVE', last_checkpoint = 0");
  }

  @AfterEach
  void close() throws SQLException {
    written.set(true);
    threads.shutdownNow();
    readers.close();
    database.close();
  }

  @Test
  void everyFirstChecksumIsTheSumOfWhatWasWritten() throws Exception {
    List<Future<Void>> others =
        List.of(
            threads.submit(this::compact),
            threads.submit(this::compactOtherwise),
            threads.submit(() -> read(1)),
            threads.submit(() -> read(2)));
    try (Connection connection = database.database().connect()) {
      connection.setAutoCommit(false);
      Random random = new Random(11);
      for (int round = 0; round < ROUNDS; round++) {
        write(connection, BUCKETS.get(random.nextInt(2)), random);
      }
    }
    written.set(true);
    for (Future<Void> other : others) {
      other.get(120, TimeUnit.SECONDS);
    }
    assertThat(fromTotals).as("checksums that began with a total").hasPositiveValue();
    assertThat(verify(readers.reader(database.resources(), database.stream()))).isTrue();
  }

  /** Operations over some rows, published with them. */
  private void write(Connection connection, BucketName bucket, Random random) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,
            source_key, table_name, row_id, checksum, data)
          SELECT 1, '%s', nextval('powersync.op_id_sequence'),
                 CASE WHEN n %% 7 = 0 THEN 'REMOVE' ELSE 'PUT' END, 't', int4send(r), 'type',
                 r::text, hashint8(n + %d)::bigint & 4294967295, '{}'
            FROM (SELECT n, n %% %d AS r FROM generate_series(1, %d) AS n) AS numbered"""
              .formatted(
                  bucket, random.nextInt(), 1 + random.nextInt(2500), 500 + random.nextInt(2000)));
      statement.execute(
          "UPDATE powersync.sync_rules SET last_checkpoint ="
              + " (SELECT last_value FROM powersync.op_id_sequence)");
    }
    connection.commit();
  }

  private Void compact() {
    PostgresCompaction compaction = new PostgresCompaction(database.resources());
    BucketTotals totals = new BucketTotals(database.resources().sql());
    Random random = new Random(12);
    while (!written.get()) {
      compaction.compact(
          STREAM,
          CompactionOptions.DEFAULT.withLimits(
              new CompactionOptions.Limits(500, 2 + random.nextInt(1000), 1)),
          () -> random.nextInt(20) == 0);
      if (random.nextInt(4) == 0) {
        totals.refresh(STREAM, () -> false);
      }
    }
    return null;
  }

  private Void compactOtherwise() throws SQLException {
    BucketReader reader = readers.reader(database.resources(), database.stream());
    try (Connection connection = database.database().connect()) {
      while (!written.get()) {
        for (BucketName bucket : BUCKETS) {
          new WalkingCompaction(connection, 200, 500)
              .compact(bucket.value(), reader.checkpoint().opId().value());
        }
      }
    }
    return null;
  }

  private Void read(int seed) {
    Random random = new Random(seed);
    BucketReader reader = readers.reader(database.resources(), database.stream());
    while (!written.get()) {
      verify(reader);
      if (random.nextInt(3) > 0) {
        reader.clearChecksumCache();
      }
    }
    return null;
  }

  /** False when compaction went past the checkpoint meanwhile. */
  private boolean verify(BucketReader reader) {
    OpId checkpoint = reader.checkpoint().opId();
    fromTotals.addAndGet(known(checkpoint));
    try {
      Map<BucketName, BucketChecksum> checksums = reader.checksums(checkpoint, BUCKETS);
      checksums.forEach(
          (bucket, checksum) ->
              assertThat(checksum.checksum())
                  .as("%s at %s", bucket, checkpoint)
                  .isEqualTo(shadow.checksum(bucket.value(), checkpoint.value())));
      return true;
    } catch (CompactedCheckpointException e) {
      return false;
    }
  }

  private int known(OpId checkpoint) {
    return database
        .resources()
        .sql()
        .autocommit(
            "look for totals",
            connection ->
                new BucketTotals(database.resources().sql())
                    .known(connection, STREAM, checkpoint, BUCKETS)
                    .size());
  }
}
