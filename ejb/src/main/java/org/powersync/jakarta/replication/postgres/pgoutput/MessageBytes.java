package org.powersync.jakarta.replication.postgres.pgoutput;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** Reads one message front to back, big-endian, and never beyond its end. */
final class MessageBytes {
  private final byte[] bytes;
  private final int start;
  private final int end;
  private int position;

  private MessageBytes(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.position = start;
  }

  static MessageBytes of(ByteBuffer buffer) {
    if (buffer.hasArray()) {
      int start = buffer.arrayOffset() + buffer.position();
      return new MessageBytes(buffer.array(), start, start + buffer.remaining());
    }
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return new MessageBytes(copy, 0, copy.length);
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  byte int8() {
    need(Byte.BYTES);
    return bytes[position++];
  }

  int count16() {
    need(Short.BYTES);
    int value = (bytes[position] << 8) | (bytes[position + 1] & 0xFF);
    position += Short.BYTES;
    if (value < 0 || value > end - position) {
      throw malformed("impossible number of columns in the replication stream");
    }
    return value;
  }

  int int32() {
    need(Integer.BYTES);
    int value =
        (bytes[position] & 0xFF) << 24
            | (bytes[position + 1] & 0xFF) << 16
            | (bytes[position + 2] & 0xFF) << 8
            | bytes[position + 3] & 0xFF;
    position += Integer.BYTES;
    return value;
  }

  long uint32() {
    return Integer.toUnsignedLong(int32());
  }

  long int64() {
    return uint32() << Integer.SIZE | uint32();
  }

  /** A text that ends with a zero byte. */
  String text() {
    int from = position;
    while (position < end) {
      if (bytes[position++] == 0) {
        return new String(bytes, from, position - 1 - from, StandardCharsets.UTF_8);
      }
    }
    throw malformed("unterminated text in the replication stream");
  }

  byte[] content(int length) {
    int from = position;
    skip(length);
    return Arrays.copyOfRange(bytes, from, position);
  }

  void skip(int length) {
    need(length);
    position += length;
  }

  void expectEnd() {
    if (position != end) {
      throw malformed("message of the replication stream is longer than its content");
    }
  }

  private void need(int length) {
    if (length < 0 || length > end - position) {
      throw malformed("message of the replication stream ends too early");
    }
  }

  PowerSyncException malformed(String text) {
    return new PowerSyncException(ErrorCode.PSYNC_S1101, text)
        .with("position", position - start)
        .with("length", end - start)
        .with("kind", kind());
  }

  /** The letter of the message, fit for a log. */
  private String kind() {
    boolean letter = end > start && bytes[start] > ' ' && bytes[start] < 0x7F;
    return letter ? String.valueOf((char) bytes[start]) : "none";
  }
}
