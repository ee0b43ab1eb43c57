package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static Admission.Place running(Admission admission) throws InterruptedException {
    Admission.Place place = admission.enter().orElseThrow();
    assertThat(place.runsAtOnce()).isTrue();
    return place;
  }

  @Test
  void withoutAWaitingRoomTheNextIsTurnedAwayAtOnce() throws Exception {
    Admission admission = new Admission(2, 0);

    Admission.Place first = running(admission);
    running(admission);
    assertThat(admission.enter()).isEmpty();
    first.leave();
    running(admission);
    assertThat(admission.enter()).isEmpty();
  }

  @Tag("http-admin-queue")
  @Test
  void theWaitingRoomIsServedWhenSomebodyLeaves() throws Exception {
    Admission admission = new Admission(1, 1);
    Admission.Place first = running(admission);

    CompletableFuture<Admission.Place> waiting = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Admission.Place second = admission.enter().orElseThrow();
                assertThat(second.runsAtOnce()).isFalse();
                second.awaitTurn();
                waiting.complete(second);
              } catch (InterruptedException | RuntimeException | Error e) {
                waiting.completeExceptionally(e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(admission.enter()).isEmpty();
    first.leave();

    Admission.Place second = waiting.get(10, TimeUnit.SECONDS);
    Admission.Place third = admission.enter().orElseThrow();
    assertThat(third.runsAtOnce()).isFalse();
    second.leave();
    assertThat(third.runsAtOnce()).isTrue();
  }

  @Test
  void whoGivesUpWaitingLeavesTheRoomOnly() throws Exception {
    Admission admission = new Admission(1, 1);
    Admission.Place first = running(admission);
    Admission.Place second = admission.enter().orElseThrow();
    assertThat(second.runsAtOnce()).isFalse();
    second.leave();

    Admission.Place third = admission.enter().orElseThrow();
    assertThat(third.runsAtOnce()).isFalse();
    first.leave();
    assertThat(third.runsAtOnce()).isTrue();
    List<Admission.Place> more = new ArrayList<>();
    admission.enter().ifPresent(more::add);
    assertThat(more).hasSize(1);
    assertThat(more.get(0).runsAtOnce()).isFalse();
    assertThat(admission.enter()).isEmpty();
  }
}
