package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.sync.StreamCaller;

/** {@code GET /write-checkpoint2.json}: the next write checkpoint (sync API section 2.2). */
@WebServlet(urlPatterns = "/write-checkpoint2.json", asyncSupported = true)
public class WriteCheckpointServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient SyncComponents sync;
  @Inject private transient UserTokens tokens;
  @Inject private transient ApiOptions options;

  public WriteCheckpointServlet() {
    super(GET);
  }

  @Override
  boolean needsStorage() {
    return true;
  }

  @Override
  boolean offered() {
    return options.servesApi();
  }

  @Override
  Admission admission() {
    return sync.checkpointAdmission();
  }

  @Override
  void handle(Exchange exchange) throws IOException {
    RequestMembers members =
        new RequestMembers(exchange.parameters(RequestParameters.DEFAULT_MAX_BODY));
    Optional<String> clientId = members.clientId();
    members.check();
    StreamCaller caller = tokens.verify(exchange.request().getHeader("Authorization"));
    sync.activeStorage();
    sync.streams().writeCheckpointRequested();
    exchange.later();
    sync.checkpointRequests()
        .request(caller.fullUserId(clientId), OptionalLong.empty())
        .whenComplete(
            (number, failure) -> {
              if (failure == null) {
                exchange.answer(Map.of("write_checkpoint", number.toString()));
              } else {
                exchange.fail(failure);
              }
            });
  }
}
