package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.telemetry.Counters;

class DataSlotsTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final DataSlots slots = new DataSlots(2, tasks::add, new Counters());

  @Test
  void noMoreReadsRunThanThereAreSlots() {
    DataSlots.Read<String> first = slots.read(() -> "1");
    DataSlots.Read<String> second = slots.read(() -> "2");
    DataSlots.Read<String> third = slots.read(() -> "3");

    assertThat(tasks).hasSize(2);
    tasks.remove().run();
    assertThat(first.result()).isCompletedWithValue("1");
    assertThat(tasks).hasSize(2);
    tasks.remove().run();
    tasks.remove().run();
    assertThat(second.result()).isCompletedWithValue("2");
    assertThat(third.result()).isCompletedWithValue("3");
    assertThat(tasks).isEmpty();
  }

  @Test
  void aReadCanBeWithdrawnUntilItBegins() {
    DataSlots.Read<String> first = slots.read(() -> "1");
    slots.read(() -> "2");
    DataSlots.Read<String> third = slots.read(() -> "3");

    assertThat(first.withdraw()).isFalse();
    assertThat(third.withdraw()).isTrue();
    tasks.remove().run();
    tasks.remove().run();
    assertThat(tasks).isEmpty();
    assertThat(third.result()).isNotDone();
  }

  @Test
  void aFailedReadGivesItsSlotBack() {
    DataSlots one = new DataSlots(1, Runnable::run, new Counters());
    DataSlots.Read<String> failing =
        one.read(
            () -> {
              throw new IllegalStateException("no");
            });

    assertThat(failing.result()).isCompletedExceptionally();
    assertThat(one.read(() -> "next").result()).isCompletedWithValue("next");
  }

  @Test
  void aReadThatCannotBeStartedFails() {
    DataSlots stopped =
        new DataSlots(
            1,
            task -> {
              throw new RejectedExecutionException("stopped");
            },
            new Counters());

    assertThat(stopped.read(() -> "1").result()).isCompletedExceptionally();
    assertThat(stopped.read(() -> "2").result()).isCompletedExceptionally();
  }
}
