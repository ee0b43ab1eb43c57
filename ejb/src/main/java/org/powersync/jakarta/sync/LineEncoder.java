package org.powersync.jakarta.sync;

import java.nio.ByteBuffer;

/**
 * Turns lines into the bytes of one format. Belongs to one stream and its thread; buffers are
 * reused.
 */
public interface LineEncoder {
  /** The exact content type of the format; clients compare it for equality. */
  String contentType();

  /** Equal for encoders that give equal bytes. */
  default Object form() {
    return contentType();
  }

  /**
   * The bytes of a line, framing included. The buffer has an array and is valid until the next
   * call.
   */
  ByteBuffer encode(Line line);
}
