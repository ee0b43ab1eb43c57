package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.RequestMembers;
import org.powersync.jakarta.sync.SourceCatchUp;

/**
 * {@code GET /write-checkpoint.json}, for very old clients: answers when replication has caught up
 * (sync API section 2.3).
 */
@WebServlet(urlPatterns = "/write-checkpoint.json", asyncSupported = true)
public class LegacyWriteCheckpointServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient SyncComponents sync;
  @Inject private transient UserTokens tokens;
  @Inject private transient StreamThreads threads;
  @Inject private transient ApiOptions options;

  public LegacyWriteCheckpointServlet() {
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
    members.string("client_id");
    members.check();
    tokens.verify(exchange.request().getHeader("Authorization"));
    BucketReader reader = sync.activeStorage().reader();
    exchange.later();
    threads.startStream(() -> answer(exchange, reader));
  }

  private void answer(Exchange exchange, BucketReader reader) {
    try {
      Lsn head = sync.source().head();
      sync.source().advance();
      OpId checkpoint = SourceCatchUp.await(reader, head, Clock.systemUTC());
      exchange.answer(Map.of("checkpoint", checkpoint.toString()));
    } catch (InterruptedException | RuntimeException e) {
      exchange.fail(e);
    }
  }
}
