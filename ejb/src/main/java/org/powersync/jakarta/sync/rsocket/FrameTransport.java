package org.powersync.jakarta.sync.rsocket;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Carries frames to one client; the connection calls it with one frame at a time. */
public interface FrameTransport {
  /**
   * Sends a frame as one message. Blocks while the client does not read, up to a limit; the buffer
   * is reused after the call.
   */
  void send(ByteBuffer frame) throws IOException;

  /** Closes the connection to the client; may be called more than once. */
  void close();
}
