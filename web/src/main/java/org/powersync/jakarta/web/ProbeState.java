package org.powersync.jakarta.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.powersync.jakarta.telemetry.HealthContributor;
import org.powersync.jakarta.telemetry.HealthReport;

/**
 * What the probes say, from what the parts of the product report: ready while no part is down,
 * started since the first time that was so. Safe for all threads.
 */
@ApplicationScoped
public class ProbeState {
  /** Detail of the replication part's report: when its loop last went round. */
  public static final String TOUCHED_AT = "touchedAt";

  private static final String REPLICATION = "replication";
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

  /** Without replication a sign of life is given this often. */
  private static final long IDLE_TOUCH_SECONDS = 5;

  @Inject @Any private Instance<HealthContributor> contributors;
  @Inject private ApiOptions options;
  private volatile boolean started;

  /** The state at one moment. */
  record Snapshot(
      boolean started,
      boolean ready,
      boolean alive,
      Instant touchedAt,
      Map<String, HealthReport> reports) {}

  Snapshot snapshot() {
    Map<String, HealthReport> reports = new LinkedHashMap<>();
    Instant now = Instant.now();
    Instant touchedAt = now.minusSeconds(now.getEpochSecond() % IDLE_TOUCH_SECONDS);
    for (HealthContributor contributor : contributors) {
      HealthReport report = contributor.health();
      reports.put(contributor.name(), report);
      if (options.replicates()
          && contributor.name().equals(REPLICATION)
          && report.details().get(TOUCHED_AT) instanceof Instant touched) {
        touchedAt = touched;
      }
    }
    Snapshot snapshot = of(reports, started, touchedAt, now);
    if (snapshot.started) {
      started = true;
    }
    return snapshot;
  }

  static Snapshot of(
      Map<String, HealthReport> reports, boolean started, Instant touchedAt, Instant now) {
    boolean ready =
        reports.values().stream().noneMatch(report -> report.state() == HealthReport.State.DOWN);
    boolean alive = Duration.between(touchedAt, now).compareTo(SIGN_OF_LIFE) < 0;
    return new Snapshot(started || ready, ready, alive, touchedAt, reports);
  }
}
