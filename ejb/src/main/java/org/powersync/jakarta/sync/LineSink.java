package org.powersync.jakarta.sync;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the lines of one stream go; a transport implements it. Called by the stream's thread only.
 * Blocks while the client does not read; fails when it is gone.
 */
public interface LineSink {
  /** Takes one encoded line, all of it. The buffer is reused after the call. */
  void write(ByteBuffer line) throws IOException, InterruptedException;

  /** Hands everything written to the network; called whenever the stream has nothing ready. */
  void flush() throws IOException;
}
