package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.diagnostics.ActiveConfig;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.syncconfig.schema.ClientLanguage;

/**
 * {@code POST /api/admin/v1/client-schema}: the schema that clients of the active sync config need
 * (sync config section 15). Not a route of the reference.
 */
@WebServlet(urlPatterns = "/api/admin/v1/client-schema", asyncSupported = true)
public class ClientSchemaServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient ActiveConfig active;

  public ClientSchemaServlet() {
    super(POST);
  }

  @Override
  boolean needsStorage() {
    return true;
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    Optional<ClientLanguage> language =
        members
            .requiredString("language")
            .flatMap(
                id ->
                    Arrays.stream(ClientLanguage.values())
                        .filter(known -> known.id().equals(id))
                        .findFirst());
    if (language.isEmpty()) {
      members.reject(
          "language",
          "must be one of "
              + Arrays.stream(ClientLanguage.values()).map(ClientLanguage::id).toList());
    }
    members.check();
    return answered ->
        answered.answer(Map.of("schema", active.clientSchema(language.orElseThrow())));
  }
}
