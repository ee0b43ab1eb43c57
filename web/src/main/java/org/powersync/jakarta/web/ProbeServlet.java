package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /probes/…}: start-up, readiness and liveness (sync API section 2.4). */
@WebServlet(
    urlPatterns = {"/probes/startup", "/probes/readiness", "/probes/liveness"},
    asyncSupported = true)
public class ProbeServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;
  private static final int RUNNING = 10;
  private static final int WAITING = 20;

  /** Of their own, so that busy admin routes cannot make a process look dead (decision A20). */
  private final transient Admission admission = new Admission(RUNNING, WAITING);

  @Inject private transient ProbeState state;
  @Inject private transient ApiOptions options;

  public ProbeServlet() {
    super(GET);
  }

  @Override
  boolean offered() {
    return options.probes();
  }

  @Override
  Admission admission() {
    return admission;
  }

  @Override
  void handle(Exchange exchange) {
    ProbeState.Snapshot now = state.snapshot();
    boolean good =
        switch (exchange.request().getServletPath()) {
          case "/probes/startup" -> now.started();
          case "/probes/readiness" -> now.ready();
          default -> now.alive();
        };
    exchange.send(good ? 200 : 400, document(now));
  }

  private static Map<String, Object> document(ProbeState.Snapshot now) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ready", now.ready());
    document.put("started", now.started());
    document.put("touched_at", milliseconds(now.touchedAt()));
    return document;
  }

  /** ISO time with exactly three digits behind the second. */
  private static String milliseconds(Instant instant) {
    String text = instant.truncatedTo(ChronoUnit.MILLIS).plusNanos(1).toString();
    return text.substring(0, text.indexOf('.') + 4) + "Z";
  }
}
