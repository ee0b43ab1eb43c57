package org.powersync.jakarta.replication.postgres.server;

import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** The replication slot of a stream cannot be used any more (replication section 1.8). */
public final class SlotLostException extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  private static final String ROWS_REMOVED = "rows_removed";
  private static final String IDLE_TIMEOUT = "idle_timeout";

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
    SlotLostException exception =
        new SlotLostException(
            ErrorCode.PSYNC_S1120,
            "The source is at an older position than the last checkpoint",
            Status.LOST,
            Phase.STREAMING,
            Optional.empty(),
            null);
    exception.with("slot", slot).with("source", current).with("checkpoint", stored);
    return exception;
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
