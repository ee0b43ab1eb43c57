package org.powersync.jakarta.sync.rsocket;

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

  /** Who answers the requests of a connection; refuses it by a failure. May block. */
  Responder accept(Introduction introduction) throws RSocketFailure;
}
