package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  @Test
  void withoutAWaitingRoomTheNextIsTurnedAwayAtOnce() throws Exception {
    Admission admission = new Admission(2, 0);

    assertThat(admission.enter()).isTrue();
    assertThat(admission.enter()).isTrue();
    assertThat(admission.enter()).isFalse();
    admission.leave();
    assertThat(admission.enter()).isTrue();
  }

  @Tag("http-admin-queue")
  @Test
  void theWaitingRoomIsServedWhenSomebodyLeaves() throws Exception {
    Admission admission = new Admission(1, 1);
    assertThat(admission.enter()).isTrue();

    CompletableFuture<Boolean> waiting = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                waiting.complete(admission.enter());
              } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(admission.enter()).isFalse();
    admission.leave();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
  }
}
