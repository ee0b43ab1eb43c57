package org.powersync.jakarta.sync.rsocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames as a client sends them, and what a server's frames say. */
final class ClientFrames {
  static final int METADATA = 0x100;
  static final int FOLLOWS = 0x80;
  static final int RESUME = 0x80;
  static final int RESPOND = 0x80;
  static final int LEASE = 0x40;

  private ClientFrames() {}

  static ByteBuffer frame(int streamId, int type, int flags, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    return ByteBuffer.allocate(6 + body.size())
        .putInt(streamId)
        .putShort((short) (type << 10 | flags))
        .put(body.toByteArray())
        .flip();
  }

  static ByteBuffer setup(String mimeType, String metadata) {
    return setup(METADATA, 90_000, mimeType, metadata);
  }

  static ByteBuffer setup(int flags, int lifetime, String mimeType, String metadata) {
    return frame(
        0,
        0x01,
        flags,
        shorts(1, 0),
        ints(20_000, lifetime),
        (flags & RESUME) != 0 ? new byte[] {0, 1, 7} : new byte[0],
        name(mimeType),
        name(mimeType),
        (flags & METADATA) != 0 ? withLength(bytes(metadata)) : new byte[0]);
  }

  static ByteBuffer requestStream(int id, int n, String metadata, String data) {
    return frame(id, 0x06, METADATA, ints(n), withLength(bytes(metadata)), bytes(data));
  }

  static ByteBuffer requestN(int id, int n) {
    return frame(id, 0x08, 0, ints(n));
  }

  static ByteBuffer cancel(int id) {
    return frame(id, 0x09, 0);
  }

  static ByteBuffer keepAlive(boolean respond, String data) {
    return frame(0, 0x03, respond ? RESPOND : 0, ints(0, 77), bytes(data));
  }

  static byte[] withLength(byte[] metadata) {
    return ByteBuffer.allocate(3 + metadata.length)
        .put((byte) (metadata.length >> 16))
        .putShort((short) metadata.length)
        .put(metadata)
        .array();
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] shorts(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  private static byte[] name(String text) {
    return ByteBuffer.allocate(1 + text.length())
        .put((byte) text.length())
        .put(bytes(text))
        .array();
  }

  /**
   * A server's frame in short: {@code NEXT 1 data}, {@code COMPLETE 1}, {@code ERROR 0 201 text}.
   */
  static String describe(ByteBuffer frame) {
    int id = frame.getInt();
    int typeAndFlags = Short.toUnsignedInt(frame.getShort());
    int flags = typeAndFlags & 0x3ff;
    return switch (typeAndFlags >> 10) {
      case 0x03 -> "KEEPALIVE " + flags + " " + frame.getLong() + " " + rest(frame);
      case 0x0a -> flags == 0x20 ? "NEXT " + id + " " + rest(frame) : "COMPLETE " + id;
      case 0x0b -> "ERROR " + id + " " + Integer.toHexString(frame.getInt()) + " " + rest(frame);
      default -> "TYPE " + (typeAndFlags >> 10);
    };
  }

  private static String rest(ByteBuffer frame) {
    return StandardCharsets.UTF_8.decode(frame).toString();
  }
}
