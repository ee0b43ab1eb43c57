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

  /**
   * Lets the client send larger frames from now on; until then a SETUP is the largest.
   *
   * @param bytes metadata and data of a frame, without what stands around them
   */
  void allow(int bytes);

  /** Closes the connection to the client; may be called more than once. */
  void close();
}
