package org.powersync.jakarta.storage.postgres.write;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.postgres.format.Checksums;

/**
 * Works out the images of a few neighbouring changes: on an executor's thread, or on the flushing
 * one if no other has begun by then. Runs once.
 */
final class EvaluationTask extends FutureTask<Void> {
  EvaluationTask(List<QueuedChange> changes, RowEvaluator evaluator) {
    super(
        () -> {
          Checksums checksums = new Checksums();
          for (QueuedChange change : changes) {
            change.image(evaluator.image(change, change.after(), checksums));
          }
          return null;
        });
  }

  /** Returns when all images are there, and makes them itself rather than wait for a thread. */
  void complete() {
    run();
    try {
      get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PowerSyncException(
          ErrorCode.PSYNC_S1103, "Replication was aborted while rows were evaluated", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("rows could not be evaluated", e.getCause());
    }
  }
}
