package org.powersync.jakarta.storage.postgres.total;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Remembers what readers had to sum, behind their back: one batch at a time, and none more while
 * that is being written, since who sums the same again offers it again. Failures cost nothing but
 * the time of the next sum; on a read-only server every attempt is one. Safe for all threads.
 */
public final class TotalsContribution {
  /** A sum over fewer operations is as quickly taken again. */
  public static final long WORTHWHILE_OPERATIONS = TotalsTable.WORTHWHILE_OPERATIONS;

  private static final Logger LOG = Logger.getLogger(TotalsContribution.class.getName());

  private final BucketTotals totals;
  private final GroupId stream;
  private final Executor background;
  private final AtomicBoolean writing = new AtomicBoolean();

  public TotalsContribution(BucketTotals totals, GroupId stream, Executor background) {
    this.totals = totals;
    this.stream = stream;
    this.background = background;
  }

  /** Has totals at a checkpoint remembered, unless that is being done already. */
  public void offer(OpId checkpoint, Map<BucketName, BucketTotals.Total> summed) {
    if (summed.isEmpty() || !writing.compareAndSet(false, true)) {
      return;
    }
    try {
      background.execute(() -> remember(checkpoint, summed));
    } catch (RejectedExecutionException e) {
      writing.set(false);
      LOG.log(Level.FINE, "The application stops, totals are not remembered", e);
    }
  }

  private void remember(OpId checkpoint, Map<BucketName, BucketTotals.Total> summed) {
    try {
      totals.remember(stream, checkpoint, summed);
    } catch (PowerSyncException e) {
      LOG.log(Level.FINE, "Totals of buckets are not remembered", e);
    } finally {
      writing.set(false);
    }
  }
}
