package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.powersync.jakarta.diagnostics.ConfigDeployments;
import org.powersync.jakarta.sync.RequestMembers;

/**
 * {@code POST /api/sync-rules/v1/deploy} and {@code …/validate}: takes a sync config, as YAML or as
 * a member of a JSON object (sync API section 2.6).
 */
@WebServlet(
    urlPatterns = {SyncConfigServlet.DEPLOY_PATH, "/api/sync-rules/v1/validate"},
    asyncSupported = true)
public class SyncConfigServlet extends AdminServlet {
  static final String DEPLOY_PATH = "/api/sync-rules/v1/deploy";

  private static final long serialVersionUID = 1L;
  private static final String CONTENT = "content";

  @Inject private transient ConfigDeployments deployments;
  @Inject private transient StorageGate storage;

  public SyncConfigServlet() {
    super(POST);
  }

  @Override
  Map<String, Object> parameters(Exchange exchange) {
    String type = exchange.request().getContentType();
    if (type == null || !RequestParameters.mediaType(type).equals("application/yaml")) {
      return super.parameters(exchange);
    }
    Map<String, Object> parameters = RequestParameters.ofQuery(exchange.request().getQueryString());
    byte[] body = exchange.body();
    parameters.put(CONTENT, new String(body, StandardCharsets.UTF_8));
    return parameters;
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    String text = members.requiredString(CONTENT).orElse("");
    members.check();
    if (exchange.request().getServletPath().equals(DEPLOY_PATH)) {
      return answered -> {
        storage.require();
        answered.answer(Map.of("slot_name", deployments.deploy(text).name()));
      };
    }
    return answered ->
        answered.sendPretty(ConfigStatusDocument.description(deployments.describe(text)));
  }
}
