package org.powersync.jakarta.sync.rsocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts frames together in a buffer of its own that the next frame overwrites. One thread. */
final class FrameWriter {
  private static final int SMALL = 8 << 10;

  /** A buffer that grew beyond this is given back once a frame needed much less. */
  private static final int KEPT = 64 << 10;

  private static final int TYPE_SHIFT = 10;
  private static final int KEEPALIVE = 0x03;
  private static final int PAYLOAD = 0x0a;
  private static final int ERROR = 0x0b;
  private static final int NEXT = 0x20;
  private static final int COMPLETE = 0x40;

  private ByteBuffer buffer = ByteBuffer.allocate(SMALL);

  /** An item of a stream. */
  ByteBuffer next(int streamId, ByteBuffer data) {
    return begin(streamId, PAYLOAD, NEXT, data.remaining()).put(data).flip();
  }

  /** The regular end of a stream. */
  ByteBuffer complete(int streamId) {
    return begin(streamId, PAYLOAD, COMPLETE, 0).flip();
  }

  /**
   * The end of a stream by a failure.
   *
   * @param streamId 0 = of the whole connection
   */
  ByteBuffer error(int streamId, ErrorKind kind, String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    return begin(streamId, ERROR, 0, Integer.BYTES + data.length)
        .putInt(kind.code())
        .put(data)
        .flip();
  }

  /** The answer to a KEEPALIVE that wants one. */
  ByteBuffer keepAlive(byte[] data) {
    return begin(0, KEEPALIVE, 0, Long.BYTES + data.length).putLong(0).put(data).flip();
  }

  private ByteBuffer begin(int streamId, int type, int flags, int length) {
    int needed = FrameReader.HEADER_BYTES + length;
    if (needed > buffer.capacity() || buffer.capacity() > KEPT && needed < buffer.capacity() / 4) {
      buffer = ByteBuffer.allocate(Math.max(SMALL, needed));
    }
    return buffer.clear().putInt(streamId).putShort((short) (type << TYPE_SHIFT | flags));
  }
}
