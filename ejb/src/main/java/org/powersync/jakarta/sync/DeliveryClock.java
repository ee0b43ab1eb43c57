package org.powersync.jakarta.sync;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.StreamJournal.DeliveryNote;
import org.powersync.jakarta.sync.StreamJournal.Outcome;
import org.powersync.jakarta.sync.StreamJournal.Phase;

/** What the time since a checkpoint was seen went into. One thread at a time. */
final class DeliveryClock {
  private final long seenNanos;
  private final long[] nanos = new long[Phase.values().length];

  /**
   * @param seenNanos when this process saw the checkpoint, by {@link System#nanoTime}
   */
  DeliveryClock(long seenNanos) {
    this.seenNanos = seenNanos;
  }

  /** What came until now went into seeing to it. */
  void begun() {
    add(Phase.CHECKPOINT, System.nanoTime() - seenNanos);
  }

  void add(Phase phase, long spentNanos) {
    nanos[phase.ordinal()] += Math.max(0, spentNanos);
  }

  /** The time from a moment until now. */
  void addSince(Phase phase, long startNanos) {
    add(phase, System.nanoTime() - startNanos);
  }

  /** Since the checkpoint was seen. */
  long totalNanos() {
    return System.nanoTime() - seenNanos;
  }

  /** What came of a checkpoint by now. */
  DeliveryNote note(
      OpId checkpoint, Outcome outcome, OptionalInt priority, long operations, long bytes) {
    long total = totalNanos();
    return new DeliveryNote(
        checkpoint, outcome, priority, operations, bytes, times(total), Duration.ofNanos(total));
  }

  /** By phase, whole milliseconds only; what is left of the total is {@link Phase#OTHER}. */
  Map<Phase, Duration> times(long totalNanos) {
    Map<Phase, Duration> times = new EnumMap<>(Phase.class);
    long other = totalNanos;
    for (Phase phase : Phase.values()) {
      long spent = phase == Phase.OTHER ? Math.max(0, other) : nanos[phase.ordinal()];
      other -= spent;
      Duration shown = Duration.ofMillis(Duration.ofNanos(spent).toMillis());
      if (!shown.isZero()) {
        times.put(phase, shown);
      }
    }
    return times;
  }
}
