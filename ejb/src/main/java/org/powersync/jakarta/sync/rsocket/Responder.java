package org.powersync.jakarta.sync.rsocket;

/** Answers the requests of one connection. */
@FunctionalInterface
public interface Responder {
  /**
   * Answers on a thread of its own; returns at once. Whatever happens, the stream is completed,
   * failed or cancelled in the end.
   */
  void requestStream(Payload request, OutgoingStream answer);
}
