package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.sync.StreamCaller;

/** A route for users' write checkpoints: decodes, validates, verifies the caller, then answers. */
abstract class CheckpointServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient SyncComponents sync;
  @Inject private transient UserTokens tokens;
  @Inject private transient StreamThreads threads;
  @Inject private transient ApiOptions options;

  CheckpointServlet(Set<String> methods) {
    super(methods);
  }

  /** What is left to do once the caller is known; may answer later. */
  @FunctionalInterface
  interface Answer {
    void to(Exchange exchange, StreamCaller caller);
  }

  /**
   * Validates a request.
   *
   * @throws org.powersync.jakarta.error.PowerSyncException if its shape is wrong
   */
  abstract Answer prepare(Map<String, Object> parameters);

  final SyncComponents sync() {
    return sync;
  }

  final StreamThreads threads() {
    return threads;
  }

  @Override
  final boolean needsStorage() {
    return true;
  }

  @Override
  final boolean offered() {
    return options.servesApi();
  }

  @Override
  final Admission admission() {
    return sync.checkpointAdmission();
  }

  @Override
  final void handle(Exchange exchange) {
    Answer answer = prepare(exchange.parameters());
    String authorization = exchange.request().getHeader("Authorization");
    exchange.later();
    // Keys may have to be fetched before a token is verified, which must not hold up the server.
    if (tokens.mayWait()) {
      threads.startStream(() -> verify(exchange, authorization, answer));
    } else {
      verify(exchange, authorization, answer);
    }
  }

  private void verify(Exchange exchange, String authorization, Answer answer) {
    try {
      answer.to(exchange, tokens.verify(authorization));
    } catch (RuntimeException | Error e) {
      exchange.fail(e);
    }
  }
}
