package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.time.Instant;
import java.util.Map;
import org.powersync.jakarta.diagnostics.StatusReport;

/** {@code GET /api/admin/v1/status}: what the admin page shows. */
@WebServlet(urlPatterns = "/api/admin/v1/status", asyncSupported = true)
public class StatusServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;
  private static final int MAX_STREAMS = 100;

  @Inject private transient StatusReport report;
  @Inject private transient SyncComponents sync;

  public StatusServlet() {
    super(GET);
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    return this::answer;
  }

  private void answer(Exchange exchange) {
    exchange.response().setHeader("Cache-Control", "no-store");
    exchange.answer(
        StatusDocument.of(report.status(), sync.streams().list(MAX_STREAMS), Instant.now()));
  }
}
