package org.powersync.jakarta.sync;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A batch of data lines on its way from storage. */
interface BatchRead {
  /** Completes when the batch was read. */
  CompletableFuture<List<Line.Data>> result();

  /** Gives up waiting; false when the reading has begun. */
  boolean withdraw();
}
