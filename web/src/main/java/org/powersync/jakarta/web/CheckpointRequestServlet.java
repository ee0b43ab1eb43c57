package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.sync.CheckpointRequest;
import org.powersync.jakarta.sync.StreamCaller;

/**
 * {@code POST /sync/checkpoint-request}: a write checkpoint under a number of the client (sync API
 * section 2.1).
 */
@WebServlet(urlPatterns = "/sync/checkpoint-request", asyncSupported = true)
public class CheckpointRequestServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient SyncComponents sync;
  @Inject private transient UserTokens tokens;
  @Inject private transient ApiOptions options;

  public CheckpointRequestServlet() {
    super(POST);
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
    CheckpointRequest request =
        CheckpointRequest.of(exchange.parameters(RequestParameters.DEFAULT_MAX_BODY));
    StreamCaller caller = tokens.verify(exchange.request().getHeader("Authorization"));
    sync.activeStorage();
    sync.streams().writeCheckpointRequested();
    exchange.later();
    sync.checkpointRequests()
        .request(
            caller.fullUserId(Optional.of(request.clientId())),
            OptionalLong.of(request.requestId()))
        .whenComplete(
            (number, failure) -> {
              if (failure == null) {
                exchange.answer(Map.of("checkpoint_request_id", number.toString()));
              } else {
                exchange.fail(failure);
              }
            });
  }
}
