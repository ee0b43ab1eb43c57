package org.powersync.jakarta.diagnostics;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A value that is found out at most once in a while, however many ask. While one thread finds it
 * out anew, the others get the one before. Safe for all threads.
 */
final class Remembered<T> {
  private final Supplier<T> source;
  private final long lifetimeNanos;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Known<T> known;

  Remembered(Supplier<T> source, Duration lifetime) {
    this(source, lifetime, System::nanoTime);
  }

  Remembered(Supplier<T> source, Duration lifetime, LongSupplier nanoTime) {
    this.source = source;
    this.lifetimeNanos = lifetime.toNanos();
    this.nanoTime = nanoTime;
  }

  private record Known<T>(T value, long at) {}

  T get() {
    Known<T> before = known;
    if (fresh(before) || before != null && lock.isLocked()) {
      return before.value;
    }
    lock.lock();
    try {
      if (!fresh(known)) {
        T value = source.get();
        known = new Known<>(value, nanoTime.getAsLong());
      }
      return known.value;
    } finally {
      lock.unlock();
    }
  }

  private boolean fresh(Known<T> candidate) {
    return candidate != null && nanoTime.getAsLong() - candidate.at < lifetimeNanos;
  }
}
