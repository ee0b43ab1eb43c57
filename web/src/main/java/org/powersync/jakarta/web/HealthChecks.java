package org.powersync.jakarta.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.function.Predicate;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.powersync.jakarta.telemetry.HealthReport;

/**
 * MicroProfile Health, from the same state as the probes: started, ready and live mean the same on
 * both.
 */
@ApplicationScoped
public class HealthChecks {
  @Inject private ProbeState state;

  @Produces
  @Startup
  @ApplicationScoped
  HealthCheck started() {
    return () -> response("started", ProbeState.Snapshot::started);
  }

  @Produces
  @Readiness
  @ApplicationScoped
  HealthCheck ready() {
    return () -> response("ready", ProbeState.Snapshot::ready);
  }

  @Produces
  @Liveness
  @ApplicationScoped
  HealthCheck live() {
    return () -> response("live", ProbeState.Snapshot::alive);
  }

  private HealthCheckResponse response(String name, Predicate<ProbeState.Snapshot> good) {
    ProbeState.Snapshot now = state.snapshot();
    HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(good.test(now));
    response.withData("touched at", now.touchedAt().toString());
    now.reports()
        .forEach(
            (part, report) -> {
              response.withData(part, report.state().name());
              if (report.state() != HealthReport.State.UP) {
                response.withData(part + " reason", report.reason());
              }
            });
    return response.build();
  }
}
