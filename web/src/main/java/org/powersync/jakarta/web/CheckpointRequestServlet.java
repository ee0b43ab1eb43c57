package org.powersync.jakarta.web;

import jakarta.servlet.annotation.WebServlet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.sync.CheckpointRequest;

/**
 * {@code POST /sync/checkpoint-request}: a write checkpoint under a number of the client (sync API
 * section 2.1).
 */
@WebServlet(urlPatterns = "/sync/checkpoint-request", asyncSupported = true)
public class CheckpointRequestServlet extends CheckpointServlet {
  private static final long serialVersionUID = 1L;

  public CheckpointRequestServlet() {
    super(POST);
  }

  @Override
  Answer prepare(Map<String, Object> parameters) {
    CheckpointRequest request = CheckpointRequest.of(parameters);
    return (exchange, caller) -> {
      sync().activeStorage();
      sync().streams().writeCheckpointRequested();
      sync()
          .checkpointRequests()
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
    };
  }
}
