package org.powersync.jakarta.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RememberedTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void asksAgainOnlyAfterItsLifetime() {
    Remembered<Integer> value =
        new Remembered<>(asked::incrementAndGet, Duration.ofSeconds(5), now::get);
    assertThat(value.get()).isEqualTo(1);
    now.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(value.get()).isEqualTo(1);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(value.get()).isEqualTo(2);
  }

  @Test
  void servesTheValueBeforeWhileANewOneIsFoundOut() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Remembered<Integer> value =
        new Remembered<>(
            () -> {
              if (asked.incrementAndGet() > 1) {
                begun.countDown();
                await(gate);
              }
              return asked.get();
            },
            Duration.ofSeconds(5),
            now::get);
    value.get();
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> slow = other.submit(value::get);
      await(begun);
      assertThat(value.get()).isEqualTo(1);
      gate.countDown();
      assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    } finally {
      gate.countDown();
      other.shutdownNow();
    }
  }

  @Test
  void remembersNoFailure() {
    Remembered<Integer> value =
        new Remembered<>(
            () -> {
              if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
              }
              return 7;
            },
            Duration.ofSeconds(5),
            now::get);
    assertThatThrownBy(value::get).hasMessage("not now");
    assertThat(value.get()).isEqualTo(7);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
