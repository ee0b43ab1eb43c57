package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.diagnostics.ConfigDeployments;
import org.powersync.jakarta.diagnostics.ConfiguredSource;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.sync.InvalidRequestException;

/**
 * {@code POST /api/admin/v1/reprocess} and {@code /api/sync-rules/v1/reprocess}: replicates the
 * active sync config anew (sync API sections 2.5 and 2.6).
 */
@WebServlet(
    urlPatterns = {ReprocessServlet.ADMIN_PATH, "/api/sync-rules/v1/reprocess"},
    asyncSupported = true)
public class ReprocessServlet extends AdminServlet {
  static final String ADMIN_PATH = "/api/admin/v1/reprocess";

  private static final long serialVersionUID = 1L;

  @Inject private transient ConfigDeployments deployments;
  @Inject private transient ConfiguredSource source;

  public ReprocessServlet() {
    super(POST);
  }

  @Override
  boolean needsStorage() {
    return true;
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    if (exchange.request().getServletPath().equals(ADMIN_PATH)) {
      return answered -> answered.answer(connections(deployments.reprocess()));
    }
    if (!parameters.isEmpty()) {
      throw new InvalidRequestException(
          parameters.keySet().stream().map(name -> "/" + name + ": must not be there").toList());
    }
    return answered -> answered.answer(Map.of("slot_name", deployments.reprocess().name()));
  }

  private Map<String, Object> connections(ReplicationStream stream) {
    Map<String, Object> connection = new LinkedHashMap<>();
    source
        .get()
        .ifPresent(
            inspection -> {
              connection.put("id", inspection.id());
              connection.put("tag", inspection.tag());
            });
    connection.putIfAbsent("tag", "default");
    connection.put("slot_name", stream.name());
    return Map.of("connections", List.of(connection));
  }
}
