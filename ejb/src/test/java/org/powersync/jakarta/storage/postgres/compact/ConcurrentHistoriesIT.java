package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionOptions.Limits;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.cases.TestReaders;
import org.powersync.jakarta.storage.postgres.write.RowConfig;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Random histories of several writers, who share rows and buckets, while two compactors, one of
 * them another implementation, rewrite the same buckets and clients read: no checksum is ever
 * wrong, no client completes a checkpoint with other rows than were written, and from every earlier
 * checkpoint a client arrives where it would have without compaction.
 */
class ConcurrentHistoriesIT {
  private static final SourceTable TEST = WriterDatabase.dataTable("test");
  private static final int BUCKETS = 3;
  private static final int WRITERS = 3;
  private static final int ROUNDS = 25;

  /** One row set is fought over by all writers, the others are each writer's own. */
  private static final int SHARED_ROWS = 6;

  private static final int OWN_ROWS = 4;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noClientEverSeesAnythingElse(long seed) throws Exception {
    try (History history = new History(seed)) {
      history.run();
      history.verify();
    }
  }

  /** One run: the database, who works on it, and what is published. */
  private static final class History implements AutoCloseable {
    private final long seed;
    private final WriterDatabase database;
    private final ShadowOperations shadow;
    private final TestReaders readers;
    private final BucketReader reader;
    private final List<BucketName> buckets = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean written = new AtomicBoolean();
    private final AtomicLong flushed = new AtomicLong();
    private final ConcurrentSkipListSet<Long> checkpoints = new ConcurrentSkipListSet<>();

    /** Writers flush together, but nobody flushes while one of them makes a checkpoint (5.8). */
    private final ReadWriteLock gate = new ReentrantReadWriteLock();

    History(long seed) {
      this.seed = seed;
      database = new WriterDatabase(1 + (int) (seed % 3));
      shadow = new ShadowOperations(database.database());
      readers = new TestReaders(database.database());
      reader = readers.reader(database.resources(), database.stream());
      database.snapshotsDone("0");
      for (int i = 0; i < BUCKETS; i++) {
        buckets.add(new BucketName((database.storageVersion() == 1 ? "" : "1#") + "b[" + i + "]"));
      }
      checkpoints.add(0L);
    }

    void run() throws Exception {
      try (BucketWriter committer = writer();
          Connection other = database.database().connect()) {
        committer.commit(new Lsn("0000"), true);
        List<Future<Void>> background =
            List.of(
                threads.submit(this::compact),
                threads.submit(() -> compactOtherwise(other)),
                threads.submit(this::follow));
        List<Future<Void>> writing = new ArrayList<>();
        for (int i = 1; i < WRITERS; i++) {
          int number = i;
          writing.add(threads.submit(() -> write(number)));
        }
        Random random = new Random(seed);
        for (int round = 1; round <= ROUNDS; round++) {
          change(committer, random, 0);
          commit(committer, new Lsn("%04d".formatted(round)));
        }
        await(writing);
        commit(committer, new Lsn("9998"));
        written.set(true);
        await(background);
        commit(committer, new Lsn("9999"));
      }
    }

    /** What is stored now takes a client from every checkpoint to where it belongs. */
    void verify() {
      long end = checkpoints.last();
      for (BucketName bucket : buckets) {
        ReducedBucket expected = shadow.at(bucket.value(), end);
        assertThat(shadow.written(bucket.value(), 0, end)).as("%s", bucket).isNotEmpty();
        for (long from : checkpoints) {
          assertThat(
                  shadow.at(bucket.value(), from).apply(shadow.stored(bucket.value(), from, end)))
              .as("client at %d of %s, seed %d", from, bucket, seed)
              .isEqualTo(expected);
        }
      }
    }

    private BucketWriter writer() {
      int version = database.storageVersion();
      return database.writer(
          RowConfig.data(
              (table, row) ->
                  row.value("b") instanceof SqlValue.Text bucket
                      ? List.of(RowConfig.row(version, bucket.value(), table, row))
                      : List.of()));
    }

    private Void write(int number) {
      Random random = new Random(seed * 100 + number);
      try (BucketWriter writer = writer()) {
        for (int round = 0; round < ROUNDS; round++) {
          change(writer, random, number);
        }
      }
      return null;
    }

    private void change(BucketWriter writer, Random random, int number) {
      for (int change = random.nextInt(20); change >= 0; change--) {
        String id =
            random.nextBoolean()
                ? "shared" + random.nextInt(SHARED_ROWS)
                : "own" + number + "-" + random.nextInt(OWN_ROWS);
        if (random.nextInt(3) == 0) {
          writer.save(delete(TEST, id));
        } else {
          String bucket = "b[" + random.nextInt(BUCKETS) + "]";
          writer.save(
              update(TEST, row("id", id, "b", bucket, "v", Long.toString(random.nextInt(3)))));
        }
        if (random.nextInt(6) == 0) {
          flush(writer);
        }
      }
      flush(writer);
    }

    private void flush(BucketWriter writer) {
      gate.readLock().lock();
      try {
        writer.flush().ifPresent(op -> flushed.accumulateAndGet(op.value(), Math::max));
      } finally {
        gate.readLock().unlock();
      }
    }

    private void commit(BucketWriter writer, Lsn position) {
      gate.writeLock().lock();
      try {
        writer.include(new OpId(flushed.get()));
        writer.commit(position, true);
        checkpoints.add(reader.checkpoint().opId().value());
      } finally {
        gate.writeLock().unlock();
      }
    }

    private Void compact() {
      PostgresCompaction compaction = new PostgresCompaction(database.resources());
      Random random = new Random(seed + 1);
      boolean last = false;
      while (!last) {
        last = written.get();
        compaction.compact(
            database.stream().id(),
            CompactionOptions.DEFAULT
                .withParameters(false, Duration.ZERO)
                .withLimits(new Limits(1 + random.nextInt(20), 2 + random.nextInt(20), 1)),
            () -> !written.get() && random.nextInt(30) == 0);
        if (!last && random.nextInt(4) == 0) {
          compaction.defragment(
              database.stream().id(), buckets.get(random.nextInt(BUCKETS)), () -> false);
        }
      }
      return null;
    }

    private Void compactOtherwise(Connection connection) throws SQLException {
      Random random = new Random(seed + 2);
      boolean last = false;
      while (!last) {
        last = written.get();
        WalkingCompaction compaction =
            new WalkingCompaction(connection, 1 + random.nextInt(10), 2 + random.nextInt(20));
        long maxOp = reader.checkpoint().opId().value();
        for (BucketName bucket : buckets) {
          if (random.nextInt(3) > 0) {
            compaction.compact(bucket.value(), maxOp);
          }
        }
      }
      return null;
    }

    /**
     * Clients that begin late with a checkpoint of before, and one that stays from the beginning.
     */
    private Void follow() {
      Random random = new Random(seed + 3);
      FollowingClient constant = new FollowingClient(reader, shadow, buckets);
      int completed = 0;
      boolean last = false;
      while (!last) {
        last = written.get();
        OpId old = reader.checkpoint().opId();
        completed += constant.sync(1 + random.nextInt(30)) ? 1 : 0;
        FollowingClient late =
            new FollowingClient(
                readers.reader(database.resources(), database.stream()), shadow, buckets);
        late.sync(old, 1 + random.nextInt(30));
        completed += late.sync(1 + random.nextInt(30)) ? 1 : 0;
      }
      assertThat(constant.sync(1000)).as("completes once all is quiet").isTrue();
      assertThat(completed).as("completed checkpoints").isPositive();
      return null;
    }

    private static void await(List<Future<Void>> all) throws Exception {
      for (Future<Void> one : all) {
        one.get(90, TimeUnit.SECONDS);
      }
    }

    @Override
    public void close() throws SQLException {
      written.set(true);
      threads.shutdownNow();
      readers.close();
      database.close();
    }
  }
}
