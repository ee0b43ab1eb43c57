package org.powersync.jakarta.replication.postgres.server;

import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** The replication slot of a stream cannot be used any more (replication section 1.8). */
public final class SlotLostException extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  private static final String ROWS_REMOVED = "rows_removed";
  private static final String IDLE_TIMEOUT = "idle_timeout";

  /**
   * More than a process can hand out between two backups, small against what there is: copies of
   * tables leave no trace in the source's log.
   */
  private static final long OPERATIONS_TO_SKIP = 1L << 36;

  /** A change takes tens of bytes of the log, and may go into a thousand buckets. */
  private static final long OPERATIONS_PER_BYTE = 64;

  private long skippedOperations;
  private final Status status;
  private final Phase phase;
  private final String reason;

  /** What happened to the slot. */
  public enum Status {
    /** It is there, but the log it needs is gone. */
    LOST,
    /** It is not there. */
    MISSING
  }

  /** What the stream was doing. */
  public enum Phase {
    SNAPSHOT,
    STREAMING
  }

  private SlotLostException(
      ErrorCode code,
      String text,
      Status status,
      Phase phase,
      Optional<String> reason,
      Throwable cause) {
    super(code, text, cause);
    this.status = status;
    this.phase = phase;
    this.reason = reason.orElse(null);
  }

  /** The server invalidated the slot. */
  public static SlotLostException lost(String slot, Phase phase, Optional<String> reason) {
    String advice =
        reason.filter(IDLE_TIMEOUT::equals).isPresent()
            ? "raise idle_replication_slot_timeout on the source"
            : "raise max_slot_wal_keep_size on the source and drop the slot";
    SlotLostException exception =
        new SlotLostException(
            ErrorCode.PSYNC_S1146,
            "The replication slot was invalidated; " + advice,
            Status.LOST,
            phase,
            reason,
            null);
    exception.with("slot", slot).with("reason", reason.orElse("none"));
    return exception;
  }

  /** The slot vanished while it was in use. */
  public static SlotLostException vanished(String slot, Phase phase) {
    SlotLostException exception =
        new SlotLostException(
            ErrorCode.PSYNC_S1146,
            "The replication slot disappeared",
            Status.MISSING,
            phase,
            Optional.empty(),
            null);
    exception.with("slot", slot);
    return exception;
  }

  /** A stream that was copied completely has no slot to go on with. */
  public static SlotLostException missing(String slot) {
    SlotLostException exception =
        new SlotLostException(
            ErrorCode.PSYNC_S1120,
            "The replication slot does not exist",
            Status.MISSING,
            Phase.STREAMING,
            Optional.empty(),
            null);
    exception.with("slot", slot);
    return exception;
  }

  /** The source went back behind what is stored: restored, or failed over to an older copy. */
  public static SlotLostException behindStorage(String slot, Object current, Object stored) {
    return discontinued(slot, "The source is at an older position than what is stored")
        .withValues("source", current, "stored", stored);
  }

  /**
   * The source was told to forget changes that storage does not hold: storage was restored from a
   * backup, or failed over to a copy that had not received everything.
   *
   * @param lostBytes of the source's log
   */
  public static SlotLostException aheadOfStorage(
      String slot, Object confirmed, Object stored, long lostBytes) {
    SlotLostException exception =
        discontinued(
            slot,
            "Storage was set back to an earlier state: changes that the source does not keep any"
                + " more are missing");
    exception.skippedOperations = OPERATIONS_TO_SKIP + lostBytes * OPERATIONS_PER_BYTE;
    return exception.withValues("confirmed", confirmed, "stored", stored);
  }

  /** The slot is there, on another server than the one that was replicated. */
  public static SlotLostException otherServer(String slot, Object found, Object expected) {
    return discontinued(slot, "The source is another server than the one that was replicated")
        .withValues("system", found, "expected", expected);
  }

  /** The publication was dropped and created again: changes made in between were not streamed. */
  public static SlotLostException otherPublication(String slot, Object found, Object expected) {
    return discontinued(slot, "The publication is not the one that was replicated")
        .withValues("publication", found, "expected", expected);
  }

  /** The source went another way at a position that storage is past already. */
  public static SlotLostException otherTimeline(String slot, Object branch, Object stored) {
    return discontinued(
            slot, "The source failed over to a server that had not received everything stored")
        .withValues("branch", branch, "stored", stored);
  }

  private static SlotLostException discontinued(String slot, String text) {
    SlotLostException exception =
        new SlotLostException(
            ErrorCode.PSYNC_S1146,
            text + "; replicating anew",
            Status.LOST,
            Phase.STREAMING,
            Optional.empty(),
            null);
    exception.with("slot", slot);
    return exception;
  }

  private SlotLostException withValues(String name, Object value, String other, Object second) {
    with(name, value).with(other, second);
    return this;
  }

  /** Operation ids that may have been used although storage does not know. */
  public long skippedOperations() {
    return skippedOperations;
  }

  /** The server refused to stream, in its own words. */
  public static SlotLostException refused(String slot, Throwable cause) {
    SlotLostException exception =
        new SlotLostException(
            ErrorCode.PSYNC_S1120,
            "The source cannot stream from the replication slot",
            Status.LOST,
            Phase.STREAMING,
            Optional.empty(),
            cause);
    exception.with("slot", slot).with("error", cause.getMessage());
    return exception;
  }

  public Status status() {
    return status;
  }

  public Phase phase() {
    return phase;
  }

  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /**
   * Whether to replicate anew by ourselves. Not after losing the slot during the copy: the same
   * copy would exhaust the same budget again.
   */
  public boolean restart() {
    return status != Status.LOST || phase != Phase.SNAPSHOT || ROWS_REMOVED.equals(reason);
  }
}
