package org.powersync.jakarta.replication.postgres.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.ReplicationAttempt;
import org.powersync.jakarta.replication.StopSignal;
import org.powersync.jakarta.replication.StreamProgress;
import org.powersync.jakarta.replication.TableSelection;
import org.powersync.jakarta.replication.postgres.MemoryStorage;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.ShortQueries;
import org.powersync.jakarta.replication.postgres.server.SlotWatch;
import org.powersync.jakarta.replication.postgres.server.SourceOptions;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.replication.postgres.snapshot.UnavailableRows;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.telemetry.Counters;

/** What is acknowledged, and when (sections 1.13, 5.2, 5.3, 5.6). */
class WalApplierTest {
  private final MemoryStorage storage = new MemoryStorage("slot", List.of());
  private final List<PgLsn> acknowledged = new ArrayList<>();
  private final WalQueue queue = new WalQueue();
  private final BucketWriter writer = storage.writer(WriterOptions.streaming());
  private WalApplier applier = applier(150000, true);

  WalApplierTest() {
    storage.snapshotDone = true;
  }

  private WalApplier applier(int version, boolean emptyCheckpoints) {
    ShortQueries queries = new ShortQueries(null);
    PostgresAttempt attempt =
        new PostgresAttempt(
            new ReplicationAttempt(
                storage.stream(),
                storage,
                new TableSelection(List.of(), Compatibility.ofEdition(2)),
                new StreamProgress(storage.stream(), Clock.systemUTC()),
                new Counters(),
                new StopSignal()),
            new SourceServer(version, "db", Optional.empty()),
            null,
            queries,
            new TypeRegistry(),
            new SlotWatch("slot", queries, Duration.ofMinutes(2)),
            Thread::new,
            SourceOptions.DEFAULT);
    return new WalApplier(
        attempt,
        writer,
        new UnavailableRows(attempt),
        new Acknowledgement(acknowledged::add),
        queue,
        emptyCheckpoints);
  }

  private static WalEvent.Message begin() {
    return new WalEvent.Message(
        ByteBuffer.allocate(21).put((byte) 'B').putLong(0x100).putLong(0).putInt(1).flip());
  }

  private static WalEvent.Message commit(long end) {
    return new WalEvent.Message(
        ByteBuffer.allocate(26)
            .put((byte) 'C')
            .put((byte) 0)
            .putLong(end - 8)
            .putLong(end)
            .putLong(0)
            .flip());
  }

  private static WalEvent.Message marker(boolean transactional, String content) {
    byte[] text = content.getBytes(StandardCharsets.US_ASCII);
    return new WalEvent.Message(
        ByteBuffer.allocate(24 + text.length)
            .put((byte) 'M')
            .put((byte) (transactional ? 1 : 0))
            .putLong(0x50)
            .put("powersync".getBytes(StandardCharsets.US_ASCII))
            .put((byte) 0)
            .putInt(text.length)
            .put(text)
            .flip());
  }

  private static WalEvent.Drained drained(long position) {
    return new WalEvent.Drained(new PgLsn(position));
  }

  private static Lsn lsn(long position) {
    return new Lsn(new PgLsn(position).toString());
  }

  @Test
  void acknowledgesTheEndOfACommittedTransaction() throws InterruptedException {
    applier.apply(begin());
    applier.drained(drained(0x90));
    assertThat(acknowledged).isEmpty();
    applier.apply(commit(0x108));
    assertThat(acknowledged).containsExactly(new PgLsn(0x108));
    assertThat(storage.checkpoints).containsExactly(lsn(0x108));
  }

  /** CHK-10: blocked commits are durable, so they are acknowledged. */
  @Tag("CHK-10")
  @Test
  void acknowledgesBlockedCommits() throws InterruptedException {
    storage.barrier = lsn(0x200);
    applier.apply(begin());
    applier.apply(commit(0x108));
    assertThat(storage.checkpoints).isEmpty();
    assertThat(acknowledged).containsExactly(new PgLsn(0x108));
  }

  @Test
  void acknowledgesNothingWhenStorageFails() throws InterruptedException {
    storage.beforeFlush =
        () -> {
          throw new IllegalStateException("disk full");
        };
    applier.apply(begin());
    assertThatThrownBy(() -> applier.apply(commit(0x108))).hasMessage("disk full");
    assertThat(acknowledged).isEmpty();
  }

  @Test
  void groupsTransactionsThatWait() throws InterruptedException {
    queue.offer(commit(0x208), 0);
    applier.apply(begin());
    applier.apply(commit(0x108));
    applier.drained(drained(0x150));
    assertThat(acknowledged).isEmpty();
    applier.apply(begin());
    applier.apply((WalEvent.Message) queue.poll(0));
    assertThat(storage.checkpoints).containsExactly(lsn(0x208));
    assertThat(acknowledged).containsExactly(new PgLsn(0x208));
  }

  @Test
  void heartbeatsMakeCheckpointsAndOtherMessagesDoNot() throws InterruptedException {
    applier.apply(marker(false, "other"));
    applier.drained(drained(0x60));
    assertThat(storage.checkpoints).isEmpty();
    assertThat(acknowledged).containsExactly(new PgLsn(0x60));
    applier.apply(marker(false, "ping"));
    applier.drained(drained(0x70));
    assertThat(storage.checkpoints).containsExactly(lsn(0x70));
    applier.drained(drained(0x80));
    assertThat(storage.checkpoints).hasSize(1);
  }

  /** CHK-09. */
  @Tag("CHK-09")
  @Test
  void heartbeatDuringATransactionWaitsForItsCommit() throws InterruptedException {
    applier.apply(begin());
    applier.apply(marker(true, "ping"));
    applier.drained(drained(0x70));
    assertThat(storage.checkpoints).isEmpty();
    assertThat(acknowledged).isEmpty();
    applier.apply(commit(0x108));
    assertThat(storage.checkpoints).containsExactly(lsn(0x108));
  }

  /** Below PostgreSQL 14 messages are invisible: the server's keepalives have to do. */
  @Test
  void quietChunksOfOldServersMakeCheckpoints() throws InterruptedException {
    applier = applier(130000, true);
    applier.drained(drained(0x60));
    assertThat(storage.checkpoints).containsExactly(lsn(0x60));
  }
}
