package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionOptions.Limits;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.write.RowConfig;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Random histories, compacted and defragmented while they are written and while clients follow:
 * every client ends with what the operations, had nobody touched them, would have given it.
 */
class CompactionModelIT {
  private static final SourceTable TEST = WriterDatabase.dataTable("test");
  private static final int BUCKETS = 3;
  private static final int ROWS = 12;
  private static final int COMMITS = 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void clientsConvergeWhateverIsCompactedMeanwhile(long seed) throws Exception {
    try (WriterDatabase database = new WriterDatabase(1 + (int) (seed % 3));
        BucketWriter writer = database.writer(byBucket(database.storageVersion()))) {
      database.snapshotsDone("0");
      ShadowOperations shadow = new ShadowOperations(database.database());
      AtomicBoolean written = new AtomicBoolean();
      AtomicLong checkpoint = new AtomicLong();
      CompletableFuture<Void> compacting =
          CompletableFuture.runAsync(() -> compact(database, new Random(seed), written));
      CompletableFuture<List<ReducedBucket>> client =
          CompletableFuture.supplyAsync(() -> follow(database, shadow, checkpoint, written));
      List<Long> checkpoints = write(database, writer, new Random(seed), checkpoint);
      written.set(true);
      compacting.get(60, TimeUnit.SECONDS);
      List<ReducedBucket> followed = client.get(60, TimeUnit.SECONDS);

      long end = checkpoints.get(checkpoints.size() - 1);
      for (int i = 0; i < BUCKETS; i++) {
        String bucket = bucket(database, i);
        ReducedBucket expected = shadow.at(bucket, end);
        assertThat(shadow.written(bucket, 0, end)).as(bucket).isNotEmpty();
        assertThat(followed.get(i)).as("following client, seed %d", seed).isEqualTo(expected);
        for (long from : checkpoints) {
          assertThat(shadow.at(bucket, from).apply(shadow.stored(bucket, from, end)))
              .as("client at %d of %s, seed %d", from, bucket, seed)
              .isEqualTo(expected);
        }
      }
    }
  }

  private static RowConfig byBucket(int version) {
    return RowConfig.data(
        (table, row) ->
            row.value("b") instanceof SqlValue.Text bucket
                ? List.of(RowConfig.row(version, bucket.value(), table, row))
                : List.of());
  }

  private static String bucket(WriterDatabase database, int number) {
    return (database.storageVersion() == 1 ? "" : "1#") + "b[" + number + "]";
  }

  private static List<Long> write(
      WriterDatabase database, BucketWriter writer, Random random, AtomicLong checkpoint) {
    List<Long> checkpoints = new ArrayList<>();
    checkpoints.add(0L);
    for (int commit = 1; commit <= COMMITS; commit++) {
      for (int change = random.nextInt(30); change >= 0; change--) {
        String id = "r" + random.nextInt(ROWS);
        if (random.nextInt(4) == 0) {
          writer.save(delete(TEST, id));
        } else {
          String bucket = "b[" + random.nextInt(BUCKETS) + "]";
          writer.save(
              update(TEST, row("id", id, "b", bucket, "v", Long.toString(random.nextInt(3)))));
        }
        if (random.nextInt(10) == 0) {
          writer.flush();
        }
      }
      writer.commit(new Lsn("%04d".formatted(commit)), true);
      long made = database.streamRow().get("last_checkpoint").asLong();
      checkpoint.set(made);
      checkpoints.add(made);
    }
    writer.commit(new Lsn("9999"), true);
    checkpoints.add(database.streamRow().get("last_checkpoint").asLong());
    checkpoint.set(checkpoints.get(checkpoints.size() - 1));
    return checkpoints;
  }

  private static void compact(WriterDatabase database, Random random, AtomicBoolean written) {
    PostgresCompaction compaction = new PostgresCompaction(database.resources());
    boolean last = false;
    while (!last) {
      last = written.get();
      int clearBatch = 2 + random.nextInt(20);
      compaction.compact(
          database.stream().id(),
          CompactionOptions.DEFAULT
              .withParameters(false, Duration.ZERO)
              .withLimits(new Limits(1 + random.nextInt(20), clearBatch, 1)),
          () -> !written.get() && random.nextInt(30) == 0);
      if (!last && random.nextInt(3) == 0) {
        compaction.defragment(
            database.stream().id(),
            new BucketName(bucket(database, random.nextInt(BUCKETS))),
            () -> false);
      }
    }
  }

  /** A client that takes what there is, whether or not its checkpoint can be completed. */
  private static List<ReducedBucket> follow(
      WriterDatabase database,
      ShadowOperations shadow,
      AtomicLong checkpoint,
      AtomicBoolean written) {
    List<ReducedBucket> buckets = new ArrayList<>();
    long[] positions = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      buckets.add(new ReducedBucket());
    }
    boolean last = false;
    while (!last) {
      last = written.get();
      long upTo = checkpoint.get();
      for (int i = 0; i < BUCKETS; i++) {
        List<ReducedBucket.Operation> operations =
            shadow.stored(bucket(database, i), positions[i], upTo);
        buckets.get(i).apply(operations);
        positions[i] = Math.max(positions[i], upTo);
      }
    }
    return buckets;
  }
}
