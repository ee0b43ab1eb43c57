package org.powersync.jakarta.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.ReplicationStatus.Problem;
import org.powersync.jakarta.replication.ReplicationStatus.Stream;
import org.powersync.jakarta.telemetry.HealthContributor;
import org.powersync.jakarta.telemetry.HealthReport;

/**
 * Whether replication makes progress: measured by the age of the last confirmed position, not by
 * the existence of a thread. Clients are served while it does not, so a failure of a stream is
 * DEGRADED; DOWN is what the operator has to mend before anything is replicated as configured.
 */
@ApplicationScoped
public class ReplicationHealth implements HealthContributor {
  /**
   * Beyond the interval of heartbeats: time for a heartbeat to come back, and for a large commit.
   */
  private static final Duration TOLERANCE = Duration.ofSeconds(20);

  /** A turn of the loop may wait for storage this long; beyond that it is stuck. */
  private static final Duration LOOP_TOLERANCE = Duration.ofMinutes(1);

  /**
   * Detail for liveness: an {@link Instant}, now as long as the loop is not stuck, else when it
   * last turned. Only a restart of the process helps against a stuck loop.
   */
  public static final String TOUCHED_AT = "touchedAt";

  @Inject private ReplicationEngine engine;

  @Override
  public String name() {
    return "replication";
  }

  @Override
  public HealthReport health() {
    if (!engine.started()) {
      return HealthReport.degraded("Replication waits for storage");
    }
    return report(engine.status(), engine.turnedAt(), Instant.now(), engine.heartbeat());
  }

  static HealthReport report(
      ReplicationStatus status, Instant turned, Instant now, Duration heartbeat) {
    if (status.source().isEmpty()) {
      return HealthReport.up(Map.of("replicates", false, TOUCHED_AT, now));
    }
    boolean stuck = Duration.between(turned, now).compareTo(LOOP_TOLERANCE) > 0;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("source", status.source());
    details.put(TOUCHED_AT, stuck ? turned : now);
    status.streams().forEach(stream -> describe(stream, now, details));
    if (status.problem().isPresent()) {
      return new HealthReport(HealthReport.State.DOWN, status.problem().get().message(), details);
    }
    if (!status.running() || stuck) {
      return new HealthReport(
          HealthReport.State.DOWN,
          "The replication loop does not turn any more; restart the process",
          details);
    }
    return status.streams().stream()
        .map(stream -> complaint(stream, now, heartbeat))
        .flatMap(Optional::stream)
        .findFirst()
        .map(reason -> new HealthReport(HealthReport.State.DEGRADED, reason, details))
        .orElseGet(() -> HealthReport.up(details));
  }

  private static void describe(Stream stream, Instant now, Map<String, Object> details) {
    String prefix = "stream " + stream.id() + " ";
    details.put(prefix + "phase", stream.phase().name());
    stream.confirmed().ifPresent(lsn -> details.put(prefix + "confirmed", lsn.value()));
    stream
        .confirmedAt()
        .ifPresent(
            at -> details.put(prefix + "confirmed age s", Duration.between(at, now).toSeconds()));
    stream.lagSeconds().ifPresent(lag -> details.put(prefix + "lag s", lag));
  }

  private static Optional<String> complaint(Stream stream, Instant now, Duration heartbeat) {
    if (stream.phase() == Phase.WAITING_FOR_LOCK) {
      return Optional.empty();
    }
    if (stream.lastFailure().isPresent() && stream.phase() != Phase.SNAPSHOT) {
      Problem problem = stream.lastFailure().get();
      return Optional.of(
          "Replication of stream " + stream.name() + " failed: " + problem.message());
    }
    Instant since =
        stream
            .confirmedAt()
            .filter(at -> at.isAfter(stream.phaseSince()))
            .orElse(stream.phaseSince());
    boolean stale = Duration.between(since, now).compareTo(heartbeat.plus(TOLERANCE)) > 0;
    return stream.phase() == Phase.STREAMING && stale
        ? Optional.of(
            "Replication of stream "
                + stream.name()
                + " has confirmed no position for "
                + Duration.between(since, now).toSeconds()
                + " s; look at the source connection and at storage")
        : Optional.empty();
  }
}
