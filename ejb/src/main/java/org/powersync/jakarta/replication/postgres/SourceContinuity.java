package org.powersync.jakarta.replication.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.ReplicationSlot;
import org.powersync.jakarta.replication.postgres.server.SlotLostException;
import org.powersync.jakarta.replication.postgres.server.SourceChecks;
import org.powersync.jakarta.replication.postgres.server.SourceIdentity;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourceMark;
import org.powersync.jakarta.storage.SourceMark.Origin;
import org.powersync.jakarta.storage.StreamStatus;

/**
 * Whether what is stored and what the slot goes on with belong together: one of the two may have
 * been restored, or failed over, to a state in which changes are missing (replication section 5.1).
 * Asked before anything is read through a slot that was there already.
 */
final class SourceContinuity {
  /** The most that a server has in memory only, and loses when it crashes, wherever it was read. */
  private static final long MOST_LOST_BYTES = 16L << 20;

  private final PostgresAttempt attempt;

  SourceContinuity(PostgresAttempt attempt) {
    this.attempt = attempt;
  }

  /**
   * Checks, and records the server that is replicated from now on.
   *
   * @throws SlotLostException when replication has to begin anew
   */
  void check(StreamStatus status, ReplicationSlot slot) {
    Optional<SourceMark> mark = attempt.attempt().storage().sourceMark();
    Optional<PgLsn> checkpoint = status.lastCheckpointLsn().map(SourceContinuity::position);
    Optional<PgLsn> marked = mark.flatMap(SourceMark::position).map(SourceContinuity::position);
    Optional<PgLsn> stored = later(checkpoint, marked);
    // Copied rows, and parts of transactions, show more than the last checkpoint.
    Optional<PgLsn> barrier = status.noCheckpointBefore().map(SourceContinuity::position);
    identify(mark, later(stored, barrier));
    checkNotBehind(stored, barrier);
    if (marked.isPresent() && ours(marked.get(), checkpoint)) {
      checkNotAhead(slot, stored.get());
    }
  }

  /** Records where a stream with a new slot comes from. */
  void begin(Connection replication, Optional<PgLsn> slotPosition) throws SQLException {
    attempt.attempt().storage().recordOrigin(origin(SourceIdentity.read(replication)));
    slotPosition.ifPresent(
        position -> attempt.attempt().storage().recordPosition(new Lsn(position.toString())));
  }

  private Origin origin(SourceIdentity identity) {
    long publication = attempt.queries().run("reading the publication", SourceChecks::publication);
    return new Origin(identity.system(), identity.timeline(), publication);
  }

  private void identify(Optional<SourceMark> mark, Optional<PgLsn> stored) {
    Optional<Origin> expected = mark.flatMap(SourceMark::origin);
    try (Connection replication = attempt.connections().replication()) {
      SourceIdentity identity = SourceIdentity.read(replication);
      Origin found = origin(identity);
      if (expected.isPresent() && !expected.get().equals(found)) {
        checkSuccessor(expected.get(), found);
        Optional<PgLsn> branch =
            expected.get().timeline() == found.timeline()
                ? stored
                : identity.leftAt(replication, expected.get().timeline());
        checkBranch(branch, stored);
      }
      if (!expected.equals(Optional.of(found))) {
        attempt.attempt().storage().recordOrigin(found);
      }
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "identifying the source");
    }
  }

  /** What was changed while there was no publication is not in the stream. */
  private void checkSuccessor(Origin expected, Origin found) {
    if (!expected.system().equals(found.system())) {
      throw SlotLostException.otherServer(attempt.slot(), found.system(), expected.system());
    }
    if (expected.publication() != found.publication()) {
      throw SlotLostException.otherPublication(
          attempt.slot(), found.publication(), expected.publication());
    }
  }

  private void checkBranch(Optional<PgLsn> branch, Optional<PgLsn> stored) {
    boolean past = stored.isPresent() && (branch.isEmpty() || stored.get().isAfter(branch.get()));
    if (past) {
      throw SlotLostException.otherTimeline(
          attempt.slot(), branch.map(PgLsn::toString).orElse("unknown"), stored.get());
    }
  }

  /** A source that was set back would silently block every checkpoint. */
  private void checkNotBehind(Optional<PgLsn> stored, Optional<PgLsn> barrier) {
    PgLsn current = attempt.queries().run("reading the position", SourceServer::position);
    PgLsn atMost = new PgLsn(current.value() + MOST_LOST_BYTES);
    stored
        .filter(position -> position.isAfter(current))
        .or(() -> barrier.filter(position -> position.isAfter(atMost)))
        .ifPresent(
            position -> {
              throw SlotLostException.behindStorage(attempt.slot(), current, position);
            });
  }

  /**
   * Another implementation acknowledges more than it stores; its commits leave the mark behind the
   * checkpoint, which tells them from ours.
   */
  private static boolean ours(PgLsn marked, Optional<PgLsn> checkpoint) {
    return checkpoint.filter(position -> position.isAfter(marked)).isEmpty();
  }

  private void checkNotAhead(ReplicationSlot slot, PgLsn stored) {
    Optional<PgLsn> confirmed = slot.confirmedFlush().filter(lsn -> lsn.isAfter(stored));
    if (confirmed.isPresent()) {
      throw SlotLostException.aheadOfStorage(
          attempt.slot(), confirmed.get(), stored, confirmed.get().value() - stored.value());
    }
  }

  private static PgLsn position(Lsn lsn) {
    return PgLsn.parse(lsn.value());
  }

  private static Optional<PgLsn> later(Optional<PgLsn> a, Optional<PgLsn> b) {
    return a.isPresent() && (b.isEmpty() || a.get().isAfter(b.get())) ? a : b;
  }
}
