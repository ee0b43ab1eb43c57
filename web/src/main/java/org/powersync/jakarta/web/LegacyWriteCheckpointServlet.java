package org.powersync.jakarta.web;

import jakarta.servlet.annotation.WebServlet;
import java.time.Clock;
import java.util.Map;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.sync.SourceCatchUp;

/**
 * {@code GET /write-checkpoint.json}, for very old clients: answers when replication has caught up
 * (sync API section 2.3).
 */
@WebServlet(urlPatterns = "/write-checkpoint.json", asyncSupported = true)
public class LegacyWriteCheckpointServlet extends CheckpointServlet {
  private static final long serialVersionUID = 1L;

  public LegacyWriteCheckpointServlet() {
    super(GET);
  }

  @Override
  Answer prepare(Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    members.string("client_id");
    members.check();
    return (exchange, caller) -> {
      sync().activeStorage();
      threads().startStream(() -> answer(exchange));
    };
  }

  private void answer(Exchange exchange) {
    try {
      Lsn head = sync().source().head();
      sync().source().advance();
      OpId checkpoint =
          SourceCatchUp.await(
              () -> sync().activeStorage().reader().watch(), head, Clock.systemUTC());
      exchange.answer(Map.of("checkpoint", checkpoint.toString()));
    } catch (InterruptedException | RuntimeException e) {
      exchange.fail(e);
    }
  }
}
