package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.powersync.jakarta.diagnostics.SourcePreflight;
import org.powersync.jakarta.replication.PreflightFinding;

/**
 * {@code GET /api/admin/v1/preflight}: what stands in the way of replicating the source, with the
 * SQL that mends it. Not a route of the reference.
 */
@WebServlet(urlPatterns = "/api/admin/v1/preflight", asyncSupported = true)
public class PreflightServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient SourcePreflight preflight;

  public PreflightServlet() {
    super(GET);
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    return answered -> {
      answered.response().setHeader("Cache-Control", "no-store");
      answered.answer(
          Map.of("findings", preflight.run().stream().map(PreflightServlet::finding).toList()));
    };
  }

  private static Map<String, Object> finding(PreflightFinding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("level", finding.level().name().toLowerCase(Locale.ROOT));
    document.put("check", finding.check());
    document.put("subject", finding.subject().isEmpty() ? null : finding.subject());
    document.put("message", finding.message());
    document.put("fix", finding.fix());
    return document;
  }
}
