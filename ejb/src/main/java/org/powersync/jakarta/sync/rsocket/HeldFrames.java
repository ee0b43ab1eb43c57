package org.powersync.jakarta.sync.rsocket;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Frames that wait in their order until it is decided about their connection: at most so many
 * bytes, since nobody knows yet who sent them. Safe for all threads.
 */
final class HeldFrames {
  /** What keeping a frame costs beside its content. */
  private static final int OVERHEAD = 64;

  private final int limit;
  private final Queue<byte[]> frames = new ArrayDeque<>();
  private long bytes;

  HeldFrames(int limit) {
    this.limit = limit;
  }

  /** Keeps a copy; false when there is no room. */
  synchronized boolean add(ByteBuffer frame) {
    bytes += frame.remaining() + OVERHEAD;
    if (bytes > limit) {
      return false;
    }
    byte[] copy = new byte[frame.remaining()];
    frame.get(copy);
    return frames.add(copy);
  }

  /** Gives the next one away. */
  synchronized Optional<ByteBuffer> poll() {
    return Optional.ofNullable(frames.poll()).map(ByteBuffer::wrap);
  }

  /** Nobody wants them any more. */
  synchronized void clear() {
    frames.clear();
  }
}
