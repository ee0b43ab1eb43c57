package org.powersync.jakarta.sync;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Hears what one stream sends (sync API section 7.3); the seam to its log. Called between lines, by
 * one thread at a time; must not block.
 */
public interface StreamJournal {
  /** So many names of buckets are passed on. */
  int MAX_BUCKETS = 20;

  /** Nobody is interested. */
  StreamJournal NONE =
      new StreamJournal() {
        @Override
        public boolean detailed() {
          return false;
        }

        @Override
        public void announced(CheckpointNote note) {
          // Nobody is interested.
        }

        @Override
        public void delivered(DeliveryNote note) {
          // Nobody is interested.
        }
      };

  /**
   * A checkpoint line.
   *
   * @param buckets of the connection, all of them
   * @param parameterRows results of lookups that chose them
   * @param first whether it is the first of the connection, else a diff
   * @param updated new or changed buckets, {@value #MAX_BUCKETS} at most
   * @param removed {@value #MAX_BUCKETS} at most
   */
  record CheckpointNote(
      OpId checkpoint,
      OptionalLong writeCheckpoint,
      int buckets,
      int parameterRows,
      boolean first,
      List<BucketName> updated,
      List<BucketName> removed) {}

  /**
   * How far a checkpoint came, since its line or its last partial completion.
   *
   * @param priority of a partial completion
   * @param times by phase; those of no length are missing
   * @param total since this process saw the checkpoint
   */
  record DeliveryNote(
      OpId checkpoint,
      Outcome outcome,
      OptionalInt priority,
      long operations,
      long bytes,
      Map<Phase, Duration> times,
      Duration total) {}

  /** What became of a checkpoint. */
  enum Outcome {
    COMPLETE,
    PARTIAL,
    /** Compaction removed operations while they were sent. */
    COMPACTED,
    /** Compaction went past the checkpoint before its line was sent. */
    COMPACTED_BEFORE_CHECKPOINT_LINE,
    /** A newer checkpoint took its place. */
    CHECKPOINT_SUPERSEDED,
    /** The stream ended. */
    CHECKPOINT_CANCELLED,
    /** The stream failed. */
    CHECKPOINT_ERROR;

    /** Whether clients do not hold all of the checkpoint. */
    public boolean invalidated() {
      return this != COMPLETE && this != PARTIAL;
    }
  }

  /** What the time of a checkpoint goes into. */
  enum Phase {
    /** From seeing it to beginning with it. */
    CHECKPOINT,
    PARAMETERS,
    CHECKSUM,
    /** Waiting for a place to read data. */
    SLOT,
    READING,
    SENDING,
    OTHER
  }

  /** Whether notes are taken now; making them costs. */
  boolean detailed();

  /** A checkpoint line was sent. */
  void announced(CheckpointNote note);

  /** A checkpoint was completed, in part or in full, or given up. */
  void delivered(DeliveryNote note);
}
