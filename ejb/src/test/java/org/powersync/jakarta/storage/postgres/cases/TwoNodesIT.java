package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.ProviderSettings;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.storage.postgres.TextConfigs;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.PostgresBucketWriter;
import org.powersync.jakarta.storage.postgres.write.Rows;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.TableName;

/** Several nodes on one storage, each with a provider of its own. */
class TwoNodesIT {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int NODES = 3;
  private static final int COMMITS = 60;
  private static final int COMMITS_PER_TURN = 4;

  private final StorageFixture fixture = new StorageFixture("nodes");
  private final TestReaders readers = new TestReaders(fixture.database());
  private final AtomicInteger holders = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();

  @AfterEach
  void close() {
    readers.close();
    fixture.close();
  }

  private PostgresBucketStorageProvider node() {
    return new PostgresBucketStorageProvider(
        fixture.resources(),
        new ProviderSettings(2, "test_", true),
        new TextConfigs(),
        (target, options) ->
            new PostgresBucketWriter(target, options, BatchLimits.DEFAULT, Runnable::run),
        readers,
        readers.writeCheckpoints());
  }

  @Test
  void nodesTakeTurnsOnOneStreamAndNothingIsLostOrDoneTwice() throws Exception {
    PostgresBucketStorageProvider first = node();
    ReplicationStream stream =
        first.deploy(new Deployment(StorageCase.B, Optional.empty(), OptionalInt.empty()));
    try (StreamLock lock = first.lock(stream);
        BucketWriter writer = first.storage(stream).writer(WriterOptions.streaming())) {
      assertThat(lock.held()).isTrue();
      writer.markAllSnapshotDone(position(0));
      writer.commit(position(0), true);
    }
    ExecutorService threads = Executors.newFixedThreadPool(NODES);
    List<Integer> turns = new ArrayList<>();
    try {
      List<Callable<Integer>> nodes =
          IntStream.range(0, NODES)
              .<Callable<Integer>>mapToObj(i -> () -> replicate(node(), stream))
              .toList();
      for (Future<Integer> node : threads.invokeAll(nodes)) {
        turns.add(node.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(operations(stream))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, COMMITS).boxed().toList());
    assertThat(turns.stream().mapToInt(Integer::intValue).sum())
        .isGreaterThanOrEqualTo(COMMITS / COMMITS_PER_TURN);
    assertThat(refusals).hasPositiveValue();
  }

  /** Goes on where the stream is, a few commits at a time, until all are made; counts its turns. */
  private int replicate(PostgresBucketStorageProvider provider, ReplicationStream stream) {
    BucketStorage storage = provider.storage(stream);
    for (int turns = 1; ; turns++) {
      try (StreamLock lock = acquire(provider, stream)) {
        assertThat(holders.incrementAndGet()).isEqualTo(1);
        try (BucketWriter writer = storage.writer(WriterOptions.streaming())) {
          int done = Integer.parseInt(writer.resumeLsn().orElseThrow().value());
          if (done == COMMITS) {
            return turns;
          }
          SourceTable table = table(writer);
          int last = Math.min(COMMITS, done + COMMITS_PER_TURN);
          for (int number = done + 1; number <= last; number++) {
            writer.save(Rows.insert(table, Rows.row("id", Integer.toString(number))));
            writer.commit(position(number), true);
          }
          assertThat(lock.held()).isTrue();
        } finally {
          holders.decrementAndGet();
        }
      }
    }
  }

  private StreamLock acquire(PostgresBucketStorageProvider provider, ReplicationStream stream) {
    StreamLock[] taken = new StreamLock[1];
    Await.until(
        "the lock is free",
        DEADLINE,
        () -> {
          try {
            taken[0] = provider.lock(stream);
            return true;
          } catch (PowerSyncException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1003);
            refusals.incrementAndGet();
            return false;
          }
        });
    return taken[0];
  }

  private static SourceTable table(BucketWriter writer) {
    return writer
        .resolveTables(
            new SourceDescriptor(
                1,
                TableName.of("public", "test"),
                OptionalLong.of(1),
                List.of(new IdentityColumn("id", Optional.of("text"), OptionalInt.of(25))),
                false))
        .table();
  }

  private List<Integer> operations(ReplicationStream stream) {
    BucketPosition all = new BucketPosition(new BucketName(stream.id() + "#mybucket[]"), OpId.ZERO);
    List<Integer> numbers = new ArrayList<>();
    var reader = readers.reader(fixture.resources(), stream);
    reader
        .read(reader.checkpoint().opId(), List.of(all), ReadLimits.DEFAULT)
        .forEach(
            chunk -> chunk.operations().forEach(o -> numbers.add(Integer.parseInt(o.objectId()))));
    return numbers;
  }

  private static Lsn position(int number) {
    return new Lsn("%04d".formatted(number));
  }
}
