package org.powersync.jakarta.replication.postgres.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputDecoder;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.snapshot.UnavailableRows;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.telemetry.Counters.Counter;
import org.powersync.jakarta.telemetry.Timing;

/**
 * Applies the events of the stream to storage, commits groups of transactions, and acknowledges
 * what is durable (replication sections 1.13, 3 and 5). One thread.
 */
final class WalApplier {
  private static final long RECORD_NANOS = 10_000_000_000L;
  private static final long BEHIND_NANOS = 1_000_000_000L;
  private static final String MARKER_PREFIX = "powersync";
  private static final byte[] MARKER = "ping".getBytes(StandardCharsets.US_ASCII);

  private final PostgresAttempt attempt;
  private final BucketWriter writer;
  private final UnavailableRows unavailable;
  private final Acknowledgement acknowledgement;
  private final WalQueue queue;
  private final boolean emptyCheckpoints;
  private final Relations relations;
  private final RowChanges rowChanges;
  private final CommitGroup group = new CommitGroup();
  private boolean inTransaction;
  private long recordedAt = System.nanoTime() - RECORD_NANOS;
  private boolean behind;
  private long heartbeatAt = System.nanoTime() - BEHIND_NANOS;

  /**
   * @param emptyCheckpoints whether a commit without changes makes a checkpoint (5.6)
   */
  WalApplier(
      PostgresAttempt attempt,
      BucketWriter writer,
      UnavailableRows unavailable,
      Acknowledgement acknowledgement,
      WalQueue queue,
      boolean emptyCheckpoints) {
    this.attempt = attempt;
    this.writer = writer;
    this.unavailable = unavailable;
    this.acknowledgement = acknowledgement;
    this.queue = queue;
    this.emptyCheckpoints = emptyCheckpoints;
    this.relations = new Relations(attempt, writer, unavailable);
    this.rowChanges = new RowChanges(writer);
  }

  /** Before the first event. */
  void begin() {
    relations.copyLeftOvers();
  }

  void apply(WalEvent.Message event) throws InterruptedException {
    group.add(event.bytes().remaining(), System.nanoTime());
    PgOutputMessage message = PgOutputDecoder.decode(event.bytes());
    if (message instanceof PgOutputMessage.RowChange change) {
      save(change, event.bytes());
    } else if (message instanceof PgOutputMessage.Begin begin) {
      inTransaction = true;
      // Behind the commit record's beginning is its end; no other transaction ends in between.
      writer.beginTransaction(new Lsn(new PgLsn(begin.finalLsn().value() + 1).toString()));
      attempt.progress().lag().began(begin.commitTime());
    } else if (message instanceof PgOutputMessage.Commit commit) {
      transactionEnded(commit.endLsn());
    } else if (message instanceof PgOutputMessage.Relation relation) {
      while (!relations.describe(relation)) {
        continueAfterCopy(true);
      }
    } else if (message instanceof PgOutputMessage.Truncate truncate) {
      truncate(truncate);
    } else if (message instanceof PgOutputMessage.LogicalMessage logical && isMarker(logical)) {
      group.mark();
    }
  }

  private static boolean isMarker(PgOutputMessage.LogicalMessage message) {
    return MARKER_PREFIX.equals(message.prefix()) && Arrays.equals(MARKER, message.content());
  }

  /** Changes of a table that is being copied come after the copy, those of others go on. */
  private void save(PgOutputMessage.RowChange change, ByteBuffer bytes)
      throws InterruptedException {
    if (relations.copying(change.relationOid())) {
      if (relations.postpone(bytes)) {
        return;
      }
      continueAfterCopy(true);
    }
    save(change);
  }

  private void save(PgOutputMessage.RowChange change) throws InterruptedException {
    Relations.Entry entry = relations.get(change.relationOid());
    if (!entry.applies()) {
      return;
    }
    Optional<RowChange> stored = rowChanges.of(change, entry.layout(), entry.table());
    attempt.counters().add(Counter.ROWS_REPLICATED, 1);
    attempt.progress().addRows(1);
    if (stored.isPresent() && writer.save(stored.get()).isPresent() && !unavailable.isEmpty()) {
      unavailable.fetch(writer);
    }
  }

  /** Goes on with a table whose copy is done, if there is one; to be called now and then. */
  void continueAfterCopy() throws InterruptedException {
    continueAfterCopy(false);
  }

  private void continueAfterCopy(boolean wait) throws InterruptedException {
    Optional<List<ByteBuffer>> changes = relations.copied(wait);
    if (changes.isEmpty()) {
      return;
    }
    for (ByteBuffer change : changes.get()) {
      save((PgOutputMessage.RowChange) PgOutputDecoder.decode(change));
    }
    if (!inTransaction && group.open() && !relations.copying()) {
      commit();
    }
  }

  /** Ends what goes on in the background. */
  void abandonCopy() {
    relations.abandonCopy();
  }

  private void truncate(PgOutputMessage.Truncate truncate) throws InterruptedException {
    while (truncate.relationOids().stream().anyMatch(relations::copying)) {
      continueAfterCopy(true);
    }
    List<SourceTable> tables = relations.truncated(truncate.relationOids());
    if (!tables.isEmpty()) {
      writer.truncate(tables);
    }
  }

  private void transactionEnded(PgLsn end) throws InterruptedException {
    inTransaction = false;
    attempt.counters().add(Counter.TRANSACTIONS_REPLICATED, 1);
    group.transactionEnded(end);
    // A copy that is not done must not become visible in part.
    if (!relations.copying() && group.due(queue.commitsWaiting(), System.nanoTime())) {
      commit();
    }
  }

  private void commit() throws InterruptedException {
    PgLsn end = group.end();
    Optional<Instant> oldest = attempt.progress().lag().oldest();
    oldest.ifPresent(time -> attempt.counters().commitTimes().note(end.toString(), time));
    BucketWriter.CommitResult result = commit(end, emptyCheckpoints || group.marked());
    if (oldest.isPresent() && result.created() && !result.blocked()) {
      attempt.counters().timeSince(Timing.COMMIT_TO_CHECKPOINT, oldest.get());
    }
    attempt.progress().lag().committed(result.blocked());
    group.reset();
    if (result.created()) {
      acknowledge(end);
    } else {
      acknowledgeUnrecorded(end);
    }
  }

  /**
   * Nothing may be committed or acknowledged while rows are known to be incomplete: by this commit,
   * or by a flush before it, such as that of a truncate.
   */
  private BucketWriter.CommitResult commit(PgLsn position, boolean emptyCheckpoints)
      throws InterruptedException {
    BucketWriter.CommitResult result;
    do {
      unavailable.fetch(writer);
      result = writer.commitIfComplete(new Lsn(position.toString()), emptyCheckpoints);
    } while (result.incomplete());
    behind = result.behind() || result.blocked();
    return result;
  }

  /**
   * A stream that is ready but behind the one that serves, or that has reached no position yet that
   * may be shown, needs one more commit, which a source without changes would not give it. To be
   * called now and then.
   */
  void catchUp() {
    long now = System.nanoTime();
    if (behind && now - heartbeatAt >= BEHIND_NANOS) {
      heartbeatAt = now;
      attempt.queries().heartbeat();
    }
  }

  /** Outside a transaction, and with all of them committed, the position has nothing behind it. */
  void drained(WalEvent.Drained event) throws InterruptedException {
    attempt.counters().add(Counter.CHUNKS_REPLICATED, 1);
    if (inTransaction || group.open() || relations.copying()) {
      return;
    }
    PgLsn position = event.position();
    if (position.equals(PgLsn.ZERO)) {
      return;
    }
    if (group.marked() || !attempt.server().showsMessages()) {
      BucketWriter.CommitResult result = commit(position, true);
      attempt.progress().lag().keptAlive(result.blocked());
      acknowledge(position);
    } else {
      acknowledgeUnrecorded(position);
    }
    group.reset();
  }

  /**
   * Positions without a commit in storage are recorded there before the source may forget what is
   * before them: storage never knows of less than the source was told. As often as status messages
   * are sent at most; in between, only the fact that all is applied is noted.
   */
  private void acknowledgeUnrecorded(PgLsn position) {
    long now = System.nanoTime();
    if (now - recordedAt >= RECORD_NANOS && position.isAfter(acknowledgement.confirmed())) {
      recordedAt = now;
      attempt.attempt().storage().recordPosition(new Lsn(position.toString()));
      acknowledgement.advance(position);
    }
    noteConfirmed();
  }

  private void acknowledge(PgLsn position) {
    acknowledgement.advance(position);
    noteConfirmed();
  }

  private void noteConfirmed() {
    if (!acknowledgement.confirmed().equals(PgLsn.ZERO)) {
      attempt.progress().confirm(new Lsn(acknowledgement.confirmed().toString()));
    }
  }

  /** Tells the status page where the source is. */
  void report(PgLsn received) {
    long behind = received.value() - acknowledgement.confirmed().value();
    boolean known = !acknowledgement.confirmed().equals(PgLsn.ZERO);
    attempt
        .progress()
        .receive(
            new Lsn(received.toString()),
            known ? OptionalLong.of(Math.max(0, behind)) : OptionalLong.empty());
  }
}
