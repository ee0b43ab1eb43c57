package org.powersync.jakarta.replication;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.Lsn;

/**
 * What replication of this process is doing, at one moment. Immutable; taken from memory, without a
 * query.
 *
 * @param source id of the source connection; empty text when this process does not replicate
 * @param running the replicator's loop is alive
 * @param problem why replication as a whole does not do what the configuration asks for
 * @param streams by number
 */
public record ReplicationStatus(
    String source, boolean running, Optional<Problem> problem, List<Stream> streams) {
  /** The status of a process that does not replicate. */
  public static final ReplicationStatus OFF =
      new ReplicationStatus("", false, Optional.empty(), List.of());

  public ReplicationStatus {
    streams = List.copyOf(streams);
  }

  /** What a stream's job is busy with. */
  public enum Phase {
    /** Another process replicates the stream. */
    WAITING_FOR_LOCK,
    /** Waiting before the next attempt. */
    BACKING_OFF,
    /** Connecting, looking at the source's settings and at the slot. */
    CHECKING_SOURCE,
    /** Copying tables. */
    SNAPSHOT,
    /** Following the source. */
    STREAMING,
    /** Not replicated by this process. */
    STOPPED
  }

  /**
   * One replication stream.
   *
   * @param detail more about the phase, one sentence or empty
   * @param phaseSince when the phase began
   * @param nextTry end of the back-off
   * @param confirmed last position acknowledged to the source
   * @param confirmedAt when it was last acknowledged or found unchanged
   * @param received last position received from the source
   * @param lagSeconds replication lag; empty while unknown
   * @param lagBytes between received and confirmed position; empty while unknown
   * @param rows rows saved by this process
   * @param tables in the order they were found
   * @param lastFailure of the last attempt that failed, kept until progress is made
   */
  public record Stream(
      int id,
      String name,
      Phase phase,
      String detail,
      Instant phaseSince,
      Optional<Instant> nextTry,
      Optional<Lsn> confirmed,
      Optional<Instant> confirmedAt,
      Optional<Lsn> received,
      OptionalLong lagSeconds,
      OptionalLong lagBytes,
      long rows,
      List<Table> tables,
      Optional<Problem> lastFailure) {
    public Stream {
      tables = List.copyOf(tables);
    }

    /** How far the copy of its tables is, all together. */
    public CopyProgress copy() {
      return CopyProgress.of(tables);
    }
  }

  /**
   * A table of a stream.
   *
   * @param estimatedRows −1 = unknown
   * @param copiedRows rows copied by the running or last copy
   * @param done its copy is complete
   * @param rowsPerSecond of the running copy; empty while unknown
   */
  public record Table(
      String schema,
      String name,
      long estimatedRows,
      long copiedRows,
      boolean done,
      OptionalDouble rowsPerSecond) {

    /** Without a running copy. */
    public Table(String schema, String name, long estimatedRows, long copiedRows, boolean done) {
      this(schema, name, estimatedRows, copiedRows, done, OptionalDouble.empty());
    }

    /** Of this table alone. */
    public CopyProgress copy() {
      return CopyProgress.of(List.of(this));
    }
  }

  /**
   * A failure as an operator sees it.
   *
   * @param code the error code, where there is one
   */
  public record Problem(Optional<String> code, String message, Instant at) {}
}
