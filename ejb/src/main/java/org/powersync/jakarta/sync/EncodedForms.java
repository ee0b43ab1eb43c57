package org.powersync.jakarta.sync;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bytes of a data line that several streams send, encoded once per form from the second stream
 * on. Safe for all threads.
 */
final class EncodedForms {
  private final Map<Object, byte[]> byForm = new ConcurrentHashMap<>(2);
  private final AtomicBoolean wanted = new AtomicBoolean();

  /** The bytes of the line these forms belong to; valid until the encoder is used again. */
  ByteBuffer encode(Line.Data line, LineEncoder encoder) {
    if (!wanted.getAndSet(true)) {
      return encoder.encode(line);
    }
    return ByteBuffer.wrap(byForm.computeIfAbsent(encoder.form(), form -> copy(line, encoder)));
  }

  private static byte[] copy(Line.Data line, LineEncoder encoder) {
    ByteBuffer encoded = encoder.encode(line);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
