package org.powersync.jakarta.storage.postgres.compact;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Whether a run has to end before its next step: asked to, or out of time. */
record StopCondition(BooleanSupplier aborted, long begun, long nanos) {
  static StopCondition after(Duration limit, BooleanSupplier aborted) {
    return new StopCondition(aborted, System.nanoTime(), limit.toNanos());
  }

  boolean met() {
    return aborted.getAsBoolean() || System.nanoTime() - begun >= nanos;
  }
}
