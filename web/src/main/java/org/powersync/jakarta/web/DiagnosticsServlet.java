package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.Map;
import org.powersync.jakarta.diagnostics.Diagnostics;
import org.powersync.jakarta.sync.RequestMembers;

/**
 * {@code POST /api/admin/v1/diagnostics}: how source and sync configs are (sync API section 2.5).
 */
@WebServlet(urlPatterns = "/api/admin/v1/diagnostics", asyncSupported = true)
public class DiagnosticsServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Diagnostics diagnostics;

  public DiagnosticsServlet() {
    super(POST);
  }

  @Override
  boolean needsStorage() {
    return true;
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    boolean withContent = members.bool("sync_rules_content").orElse(false);
    members.check();
    return answered ->
        answered.answer(ConfigStatusDocument.diagnostics(diagnostics.report(), withContent));
  }
}
