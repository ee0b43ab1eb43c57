package org.powersync.jakarta.replication.postgres.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.powersync.jakarta.connection.IncomingData;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.FailureJudge;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.ReplicationSlot;
import org.powersync.jakarta.replication.postgres.server.ReplicationSlots;
import org.powersync.jakarta.replication.postgres.server.SlotLostException;
import org.powersync.jakarta.replication.postgres.server.SourceChecks;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.snapshot.UnavailableRows;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.WriterOptions;

/**
 * Follows the source from the slot's position until stopped: a reader thread, and the calling
 * thread that applies (replication sections 3.1 and 5).
 */
public final class WalStream {
  private static final Logger LOG = Logger.getLogger(WalStream.class.getName());
  private static final long POLL_MILLIS = 500;
  private static final long REPORT_NANOS = 500_000_000;
  private static final long END_GRACE_MILLIS = 3_000;
  private static final long TAKE_OVER_NANOS = 5_000_000_000L;
  private static final Duration TAKE_OVER_PAUSE = Duration.ofMillis(50);

  private final PostgresAttempt attempt;
  private final boolean emptyCheckpoints;

  /**
   * @param emptyCheckpoints whether commits without changes make checkpoints (5.6)
   */
  public WalStream(PostgresAttempt attempt, boolean emptyCheckpoints) {
    this.attempt = attempt;
    this.emptyCheckpoints = emptyCheckpoints;
  }

  /** Returns when stopped. */
  public void run() throws InterruptedException {
    UnavailableRows unavailable = new UnavailableRows(attempt);
    WriterOptions options = WriterOptions.streaming().withOnUnavailable(unavailable::add);
    attempt.progress().lag().reset();
    takeOverSlot();
    IncomingData incoming = new IncomingData();
    try (Connection connection = attempt.connections().replication(incoming);
        BucketWriter writer = attempt.attempt().storage().writer(options)) {
      WalQueue queue = new WalQueue();
      WalReader reader = new WalReader(start(connection), incoming, queue, attempt.counters());
      WalApplier applier =
          new WalApplier(
              attempt,
              writer,
              unavailable,
              new Acknowledgement(reader::acknowledge),
              queue,
              emptyCheckpoints);
      int pid = connection.unwrap(PGConnection.class).getBackendPID();
      Thread thread = attempt.threads().newThread(reader);
      thread.start();
      attempt.progress().enter(Phase.STREAMING, "");
      try {
        applier.begin();
        follow(queue, reader, applier, new SilenceWatch(attempt, pid));
      } finally {
        applier.abandonCopy();
        end(connection, queue, reader, thread);
      }
    } catch (SQLException e) {
      throw translate(e);
    }
  }

  /** A connection that died without a word keeps its slot on the server. */
  private void takeOverSlot() throws InterruptedException {
    boolean ended =
        attempt
            .queries()
            .run(
                "looking for a dead connection on the slot",
                connection -> ReplicationSlots.takeOver(connection, attempt.slot()));
    long deadline = System.nanoTime() + TAKE_OVER_NANOS;
    while (ended && slotActive() && System.nanoTime() - deadline < 0) {
      attempt.stop().await(TAKE_OVER_PAUSE);
    }
  }

  private boolean slotActive() {
    return attempt
        .queries()
        .run(
            "looking at the replication slot",
            connection -> ReplicationSlots.active(connection, attempt.slot()));
  }

  private PGReplicationStream start(Connection connection) throws SQLException {
    ChainedLogicalStreamBuilder builder =
        connection
            .unwrap(PGConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(attempt.slot())
            .withStatusInterval(WalReader.DRIVER_STATUS_SECONDS, TimeUnit.SECONDS)
            .withAutomaticFlush(false)
            .withSlotOption("proto_version", "1")
            .withSlotOption("publication_names", SourceChecks.PUBLICATION);
    if (attempt.server().showsMessages()) {
      builder = builder.withSlotOption("messages", "true");
    }
    return startPosition().map(builder::withStartPosition).orElse(builder).start();
  }

  /**
   * The source leaves out transactions that were committed before this position: their changes are
   * in the last checkpoint, although the source may not have been told before the process ended. A
   * slot that is ahead goes on where it is.
   */
  private Optional<LogSequenceNumber> startPosition() {
    return attempt
        .attempt()
        .storage()
        .status()
        .lastCheckpointLsn()
        .map(lsn -> LogSequenceNumber.valueOf(PgLsn.parse(lsn.value()).value()));
  }

  private void follow(WalQueue queue, WalReader reader, WalApplier applier, SilenceWatch silence)
      throws InterruptedException {
    long reportedAt = 0;
    while (!attempt.stop().stopped()) {
      WalEvent event = queue.poll(POLL_MILLIS);
      if (event instanceof WalEvent.Message message) {
        applier.apply(message);
      } else if (event instanceof WalEvent.Drained drained) {
        applier.drained(drained);
      } else if (event instanceof WalEvent.Failed failed) {
        throw translate(failed.cause());
      } else {
        silence.check(reader.silentNanos());
      }
      applier.continueAfterCopy();
      applier.catchUp();
      long now = System.nanoTime();
      if (now - reportedAt > REPORT_NANOS) {
        reportedAt = now;
        applier.report(reader.received());
      }
    }
  }

  /** Lets the reader send a last status; a reader that stays blocked loses its socket. */
  private void end(Connection connection, WalQueue queue, WalReader reader, Thread thread)
      throws InterruptedException, SQLException {
    reader.end();
    queue.close();
    thread.join(END_GRACE_MILLIS);
    if (thread.isAlive()) {
      connection.abort(Runnable::run);
      thread.join();
    }
  }

  private RuntimeException translate(Throwable cause) {
    if (FailureJudge.slotUnusable(cause) || (cause instanceof SQLException && slotLost())) {
      return SlotLostException.refused(attempt.slot(), cause);
    }
    if (cause instanceof SQLException sql) {
      return SourceQueryFailure.of(sql, "reading the replication stream");
    }
    return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
  }

  /** Messages of the server may be translated; the slot's row is not. */
  private boolean slotLost() {
    try {
      Optional<ReplicationSlot> slot =
          attempt
              .queries()
              .runOnce(
                  "looking at the replication slot",
                  connection -> ReplicationSlots.find(connection, attempt.slot()));
      return slot.map(ReplicationSlot::lost).orElse(true);
    } catch (RuntimeException e) {
      LOG.log(Level.FINE, "Cannot look at the replication slot", e);
      return false;
    }
  }
}
