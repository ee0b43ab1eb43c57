package org.powersync.jakarta.storage.postgres;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.entity.StreamRow;

/** Which streams there are (storage section 4.3). Every call reads afresh. */
final class StreamDirectory {
  private static final List<StreamState> SERVING = List.of(StreamState.ACTIVE, StreamState.ERRORED);

  private final EntityTransactions transactions;

  StreamDirectory(EntityTransactions transactions) {
    this.transactions = transactions;
  }

  Optional<ReplicationStream> active() {
    return transactions.call(
        "find the active stream", entities -> active(entities).map(StreamRow::stream));
  }

  Optional<ReplicationStream> deploying() {
    return transactions.call(
        "find the deploying stream", entities -> deploying(entities).map(StreamRow::stream));
  }

  List<ReplicationStream> replicating() {
    return streams(List.of(StreamState.ACTIVE, StreamState.PROCESSING));
  }

  List<ReplicationStream> stopped() {
    return streams(List.of(StreamState.STOP));
  }

  Optional<StreamStatus> status(GroupId stream) {
    return transactions.call(
        "read the status of a stream",
        entities ->
            Optional.ofNullable(entities.find(StreamRow.class, stream.value()))
                .map(StreamRow::status));
  }

  /** Readers take the highest number, whatever simultaneous writers may have left behind. */
  static Optional<StreamRow> active(EntityManager entities) {
    return inState(entities, SERVING).stream().findFirst();
  }

  static Optional<StreamRow> deploying(EntityManager entities) {
    return inState(entities, List.of(StreamState.PROCESSING)).stream().findFirst();
  }

  /** Streams in one of these states, highest number first. */
  static List<StreamRow> inState(EntityManager entities, List<StreamState> states) {
    return inState(states, entities).getResultList();
  }

  private static TypedQuery<StreamRow> inState(List<StreamState> states, EntityManager entities) {
    return entities
        .createQuery(
            "SELECT s FROM StreamRow s WHERE s.state IN :states ORDER BY s.id DESC",
            StreamRow.class)
        .setParameter("states", states);
  }

  /**
   * Deploying streams, locked and as they are once the lock is there: one that became active in the
   * meantime is not among them.
   */
  static List<StreamRow> lockedDeploying(EntityManager entities) {
    return inState(List.of(StreamState.PROCESSING), entities)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  private List<ReplicationStream> streams(List<StreamState> states) {
    return transactions.call(
        "list streams",
        entities -> inState(entities, states).stream().map(StreamRow::stream).toList());
  }
}
