package org.powersync.jakarta.storage.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.telemetry.Metric;
import org.powersync.jakarta.telemetry.MetricSource;

/** How many rows could not be synced fully. Safe for all threads. */
@ApplicationScoped
public class RowFailureMetrics implements MetricSource {
  @Inject private RowFailures failures;

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric(
            "powersync_row_failures_total",
            "Queries that failed on a row, and rows too large to be stored",
            Metric.Kind.COUNTER,
            "",
            failures.total()));
  }
}
