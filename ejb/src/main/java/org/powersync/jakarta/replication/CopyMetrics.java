package org.powersync.jakarta.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.telemetry.Metric;
import org.powersync.jakarta.telemetry.MetricSource;

/**
 * How far the running copies of tables are, all streams of this process together; nothing while no
 * table is copied. What is not known yet is left out. Safe for all threads.
 */
@ApplicationScoped
public class CopyMetrics implements MetricSource {
  private final ReplicationEngine engine;

  /** For the container's proxy only. */
  protected CopyMetrics() {
    this(null);
  }

  @Inject
  public CopyMetrics(ReplicationEngine engine) {
    this.engine = engine;
  }

  @Override
  public List<Metric> metrics() {
    return of(engine.status());
  }

  static List<Metric> of(ReplicationStatus status) {
    List<ReplicationStatus.Table> tables =
        status.streams().stream()
            .filter(stream -> stream.tables().stream().anyMatch(table -> !table.done()))
            .flatMap(stream -> stream.tables().stream())
            .toList();
    if (tables.isEmpty()) {
      return List.of();
    }
    CopyProgress copy = CopyProgress.of(tables);
    List<Metric> metrics = new ArrayList<>();
    metrics.add(gauge("tables", "Tables to be copied, copied ones included", "", copy.tables()));
    metrics.add(gauge("tables_done", "Tables copied", "", copy.tablesDone()));
    metrics.add(gauge("rows_copied", "Rows copied", "", copy.copiedRows()));
    copy.estimatedRows()
        .ifPresent(
            rows -> metrics.add(gauge("rows_estimated", "Rows to be copied, estimated", "", rows)));
    metrics.add(
        gauge(
            "rows_per_second", "Rows copied per second now", "", Math.round(copy.rowsPerSecond())));
    copy.secondsLeft()
        .ifPresent(
            left -> metrics.add(gauge("seconds_left", "Time left, estimated", "seconds", left)));
    return metrics;
  }

  private static Metric gauge(String name, String help, String unit, long value) {
    return Metric.gauge("powersync_snapshot_" + name, help, unit, value);
  }
}
