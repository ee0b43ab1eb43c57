package org.powersync.jakarta.replication.postgres.pgoutput;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes messages of {@code pgoutput} by hand. */
final class MessageBuilder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static MessageBuilder message(char kind) {
    return new MessageBuilder().int8(kind);
  }

  MessageBuilder int8(int value) {
    bytes.write(value);
    return this;
  }

  MessageBuilder int16(int value) {
    return int8(value >> 8).int8(value);
  }

  MessageBuilder int32(long value) {
    return int16((int) (value >> 16)).int16((int) value);
  }

  MessageBuilder int64(long value) {
    return int32(value >> 32).int32(value);
  }

  MessageBuilder text(String value) {
    bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
    return int8(0);
  }

  /** A column of a relation. */
  MessageBuilder column(boolean identity, String name, long type) {
    return int8(identity ? 1 : 0).text(name).int32(type).int32(-1);
  }

  /** A tuple; {@code null} is NULL, {@code "<u>"} an unchanged TOAST value. */
  MessageBuilder tuple(char letter, String... columns) {
    int8(letter).int16(columns.length);
    for (String column : columns) {
      if (column == null) {
        int8('n');
      } else if (column.equals("<u>")) {
        int8('u');
      } else {
        byte[] utf8 = column.getBytes(StandardCharsets.UTF_8);
        int8('t').int32(utf8.length);
        bytes.writeBytes(utf8);
      }
    }
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** The message in the middle of a larger array, as PgJDBC hands it out. */
  ByteBuffer buffer() {
    byte[] content = bytes();
    byte[] larger = new byte[content.length + 30];
    System.arraycopy(content, 0, larger, 25, content.length);
    return ByteBuffer.wrap(larger, 25, content.length).slice();
  }

  PgOutputMessage decode() {
    return PgOutputDecoder.decode(buffer());
  }
}
