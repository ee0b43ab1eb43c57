package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.powersync.jakarta.diagnostics.ConfigDeployments;

/** {@code GET /api/sync-rules/v1/current}: what is deployed (sync API section 2.6). */
@WebServlet(urlPatterns = "/api/sync-rules/v1/current", asyncSupported = true)
public class CurrentSyncConfigServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient ConfigDeployments deployments;

  public CurrentSyncConfigServlet() {
    super(GET);
  }

  @Override
  boolean needsStorage() {
    return true;
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    return answered -> answered.sendPretty(Map.of("data", document(deployments.current())));
  }

  private static Map<String, Object> document(ConfigDeployments.Current current) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("current", document(current.active()));
    document.put("next", current.next().map(CurrentSyncConfigServlet::document).orElse(null));
    return document;
  }

  private static Map<String, Object> document(ConfigDeployments.Deployed deployed) {
    return ConfigStatusDocument.deployed(
        deployed.stream().name(), deployed.stream().content(), deployed.description());
  }
}
