package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.diagnostics.ClientSchemas;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.syncconfig.schema.ClientLanguage;

/**
 * {@code POST /api/admin/v1/client-schema}: the schema that clients of a sync config need: of the
 * active one, the one being deployed, or one in the body (sync config section 15). Not a route of
 * the reference.
 */
@WebServlet(urlPatterns = "/api/admin/v1/client-schema", asyncSupported = true)
public class ClientSchemaServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  private static final String ACTIVE = "active";
  private static final String DEPLOYING = "deploying";

  @Inject private transient ClientSchemas schemas;

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
    Optional<String> text = members.string("sync_rules");
    Optional<String> state = members.string("config");
    if (!List.of(ACTIVE, DEPLOYING).contains(state.orElse(ACTIVE))) {
      members.reject("config", "must be one of " + List.of(ACTIVE, DEPLOYING));
    }
    if (text.isPresent() && state.isPresent()) {
      members.reject("config", "must not stand beside sync_rules");
    }
    members.check();
    return answered ->
        answered.answer(Map.of("schema", schema(text, state, language.orElseThrow())));
  }

  private String schema(Optional<String> text, Optional<String> state, ClientLanguage language) {
    if (text.isPresent()) {
      return schemas.of(text.get(), language);
    }
    return state.orElse(ACTIVE).equals(DEPLOYING)
        ? schemas.deploying(language)
        : schemas.active(language);
  }
}
