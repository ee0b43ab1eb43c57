package org.powersync.jakarta.sync;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A batch of data lines on its way from storage. */
interface BatchRead {
  /** Completes when the batch was read. */
  CompletableFuture<List<Line.Data>> result();

  /** When the reading began, by {@link System#nanoTime}; to be asked once it is done. */
  long begunNanos();

  /** Gives up waiting; false when the reading has begun. */
  boolean withdraw();
}
