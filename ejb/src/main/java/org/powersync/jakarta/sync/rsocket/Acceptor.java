package org.powersync.jakarta.sync.rsocket;

import java.util.concurrent.CompletionStage;

/** Decides about connections. Safe for all threads. */
@FunctionalInterface
public interface Acceptor {
  /**
   * What a client introduces itself with.
   *
   * @param metadataMimeType of the metadata here and of all requests
   * @param dataMimeType of the data of all requests
   */
  record Introduction(String metadataMimeType, String dataMimeType, Payload payload) {}

  /**
   * Decides who answers the requests of a connection. Must not block: the caller is a thread of the
   * transport. A decision that takes time completes later, on a thread that may do some work for
   * the connection.
   *
   * @return completed with who answers, or with an {@link RSocketFailure} that refuses the client
   */
  CompletionStage<Responder> accept(Introduction introduction);
}
