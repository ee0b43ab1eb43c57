package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.sync.RequestMembers;

/**
 * {@code POST /api/admin/v1/disconnect}: ends the streams of a user in this process, or those of
 * one of its clients ({@code user_id}, optional {@code client_id}). The clients connect again, and
 * need a token that is still accepted.
 */
@WebServlet(urlPatterns = "/api/admin/v1/disconnect", asyncSupported = true)
public class DisconnectServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient SyncComponents sync;

  public DisconnectServlet() {
    super(POST);
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    Optional<String> user = members.requiredString("user_id");
    Optional<String> client = members.clientId();
    members.check();
    return answering ->
        answering.answer(Map.of("streams", sync.streams().end(user.orElseThrow(), client)));
  }
}
