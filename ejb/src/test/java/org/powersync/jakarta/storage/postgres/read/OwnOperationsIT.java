package org.powersync.jakarta.storage.postgres.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.storage.postgres.write.Rows.delete;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;
import static org.powersync.jakarta.storage.postgres.write.Rows.update;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.write.RowConfig;
import org.powersync.jakarta.storage.postgres.write.WriterDatabase;
import org.powersync.jakarta.syncconfig.BucketName;

/** The process that writes tells its readers what storage would tell them. */
class OwnOperationsIT {
  private static final SourceTable TEST =
      WriterDatabase.table(WriterDatabase.TABLE_ID, "test", true, true);
  private static final RowConfig CONFIG = RowConfig.byBucketAndUser();
  private static final List<BucketName> BUCKETS =
      IntStream.range(0, 4).mapToObj(OwnOperationsIT::bucket).toList();

  private WriterDatabase database;
  private BucketWriter writer;
  private int position;

  /** Of the process that writes, and of another. */
  private BucketReader here;

  private BucketReader elsewhere;
  private CheckpointWatch watch;

  @AfterEach
  void close() throws SQLException {
    writer.close();
    watch.close();
    database.close();
  }

  private void open(int storageVersion) {
    database = new WriterDatabase(storageVersion);
    database.snapshotsDone("0");
    writer = database.writer(CONFIG);
    watch =
        new CheckpointWatch(
            database.resources().sql(),
            database.database()::connect,
            Thread::new,
            Duration.ofSeconds(1));
    here = reader(database.resources().commits());
    elsewhere = reader(new OwnCommits());
  }

  private BucketReader reader(OwnCommits commits) {
    return PostgresBucketReader.of(
        database.resources().sql(),
        database.stream().id(),
        watch,
        commits,
        Duration.ofMinutes(10),
        InstantSource.system(),
        Runnable::run);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void operationsAndSumsAreThoseOfStorage(int storageVersion) {
    open(storageVersion);
    Random random = new Random(7);
    List<OpId> checkpoints = new ArrayList<>();
    int atHand = 0;
    for (int i = 0; i < 60; i++) {
      for (int change = random.nextInt(5); change >= 0; change--) {
        change(random);
      }
      if (random.nextInt(12) == 0) {
        writer.flush();
      }
      OpId checkpoint = commit();
      OpId earlier =
          checkpoints.isEmpty()
              ? OpId.ZERO
              : checkpoints.get(Math.max(0, checkpoints.size() - 1 - random.nextInt(4)));
      checkpoints.add(checkpoint);
      List<BucketPosition> positions =
          BUCKETS.stream().map(bucket -> new BucketPosition(bucket, earlier)).toList();
      Optional<List<BucketChunk>> known =
          here.readAtHand(checkpoint, positions, ReadLimits.DEFAULT);
      List<BucketChunk> stored = elsewhere.read(checkpoint, positions, ReadLimits.DEFAULT);
      known.ifPresent(chunks -> assertThat(chunks).usingRecursiveComparison().isEqualTo(stored));
      assertThat(here.checksums(checkpoint, BUCKETS))
          .isEqualTo(elsewhere.checksums(checkpoint, BUCKETS));
      atHand += known.isPresent() ? 1 : 0;
    }
    assertThat(atHand).isGreaterThan(25);
  }

  @Test
  void aPositionBeforeTheFirstTransactionIsAskedFor() {
    open(2);
    writer.save(insert(TEST, row("id", "r1", "b", "b0", "user", (String) null)));
    OpId first = commit();
    writer.save(insert(TEST, row("id", "r2", "b", "b0", "user", (String) null)));
    OpId second = commit();
    assertThat(here.readAtHand(second, from(first), ReadLimits.DEFAULT))
        .hasValueSatisfying(chunks -> assertThat(chunks).hasSize(1));
    assertThat(here.readAtHand(second, from(OpId.ZERO), ReadLimits.DEFAULT)).isEmpty();
    assertThat(elsewhere.readAtHand(second, from(first), ReadLimits.DEFAULT)).isEmpty();
  }

  @Test
  void moreThanOneBatchIsAskedFor() {
    open(2);
    OpId before = commit();
    for (int i = 0; i < 3; i++) {
      writer.save(insert(TEST, row("id", "r" + i, "b", "b0", "user", (String) null)));
    }
    OpId after = commit();
    assertThat(here.readAtHand(after, from(before), new ReadLimits(4, 1000))).isPresent();
    assertThat(here.readAtHand(after, from(before), new ReadLimits(3, 1000))).isEmpty();
    assertThat(here.readAtHand(after, from(before), new ReadLimits(4, 40)).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(elsewhere.read(after, from(before), new ReadLimits(4, 40)));
  }

  private void change(Random random) {
    String id = "r" + random.nextInt(12);
    String bucket = random.nextInt(5) == 0 ? null : "b" + random.nextInt(BUCKETS.size());
    String user = random.nextBoolean() ? null : "u" + random.nextInt(3);
    switch (random.nextInt(4)) {
      case 0 -> writer.save(delete(TEST, id));
      case 1 -> writer.save(insert(TEST, row("id", id, "b", bucket, "user", user)));
      default -> writer.save(update(TEST, row("id", id, "b", bucket, "user", user)));
    }
  }

  private static List<BucketPosition> from(OpId after) {
    return List.of(new BucketPosition(bucket(0), after));
  }

  private static BucketName bucket(int i) {
    return new BucketName("1#b" + i);
  }

  private OpId commit() {
    writer.commit(new Lsn("%04d".formatted(++position)), true);
    return new OpId(database.streamRow().get("last_checkpoint").asLong());
  }
}
