package org.powersync.jakarta.web;

import jakarta.servlet.annotation.WebServlet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.sync.RequestMembers;

/** {@code GET /write-checkpoint2.json}: the next write checkpoint (sync API section 2.2). */
@WebServlet(urlPatterns = "/write-checkpoint2.json", asyncSupported = true)
public class WriteCheckpointServlet extends CheckpointServlet {
  private static final long serialVersionUID = 1L;

  public WriteCheckpointServlet() {
    super(GET);
  }

  @Override
  Answer prepare(Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    Optional<String> clientId = members.clientId();
    members.check();
    return (exchange, caller) -> {
      sync().activeStorage();
      sync().streams().writeCheckpointRequested();
      sync()
          .checkpointRequests()
          .request(caller.fullUserId(clientId), OptionalLong.empty())
          .whenComplete(
              (number, failure) -> {
                if (failure == null) {
                  exchange.answer(Map.of("write_checkpoint", number.toString()));
                } else {
                  exchange.fail(failure);
                }
              });
    };
  }
}
