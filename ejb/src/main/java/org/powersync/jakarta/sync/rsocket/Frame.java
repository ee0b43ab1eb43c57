package org.powersync.jakarta.sync.rsocket;

/** A frame as it came from a client. Fields that a server has no use for are left out. */
sealed interface Frame {

  /**
   * Opens a connection.
   *
   * @param lifetimeMillis how long a peer without KEEPALIVE counts as alive
   */
  record Setup(
      int majorVersion,
      boolean resume,
      boolean lease,
      int lifetimeMillis,
      String metadataMimeType,
      String dataMimeType,
      Payload payload)
      implements Frame {}

  /**
   * Asks for a stream.
   *
   * @param follows whether further parts of the payload come in PAYLOAD frames
   * @param initialN how many items may be sent, at least 1
   */
  record RequestStream(int streamId, boolean follows, int initialN, Payload payload)
      implements Frame {}

  /** A further part of a request. */
  record Fragment(int streamId, boolean follows, Payload payload) implements Frame {}

  /** Lets the server send so many more items, at least 1. */
  record RequestN(int streamId, int n) implements Frame {}

  /** The client wants no more of a stream, or it failed there. */
  record Cancel(int streamId) implements Frame {}

  /** Says that the peer is alive; to be sent back when it asks for that. */
  record KeepAlive(boolean respond, byte[] data) implements Frame {}

  /** Wants to continue a connection of before. */
  record Resume() implements Frame {}

  /** An interaction that this server does not offer but has to answer. */
  record Unsupported(int streamId) implements Frame {}

  /** Needs no reaction. */
  record Ignored() implements Frame {}
}
