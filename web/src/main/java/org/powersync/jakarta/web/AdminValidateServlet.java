package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.diagnostics.Diagnostics;
import org.powersync.jakarta.sync.RequestMembers;

/**
 * {@code POST /api/admin/v1/validate}: what would be wrong with a sync config (sync API section
 * 2.5).
 */
@WebServlet(urlPatterns = "/api/admin/v1/validate", asyncSupported = true)
public class AdminValidateServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Diagnostics diagnostics;

  public AdminValidateServlet() {
    super(POST);
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    Optional<String> text = members.requiredString("sync_rules");
    members.check();
    return answered ->
        answered.answer(
            ConfigStatusDocument.status(diagnostics.validate(text.orElseThrow()), false));
  }
}
