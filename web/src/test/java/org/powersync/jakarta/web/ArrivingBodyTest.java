package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.PowerSyncException;

class ArrivingBodyTest {
  private static final int MAX = 1 << 20;

  private final Random random = new Random(3);
  private byte[] arrived;
  private PowerSyncException refusal;

  private final ArrivingBody.Outcome outcome =
      new ArrivingBody.Outcome() {
        @Override
        public void arrived(byte[] body) {
          assertNoOutcome();
          arrived = body;
        }

        @Override
        public void refused(PowerSyncException reason) {
          assertNoOutcome();
          refusal = reason;
        }
      };

  private void assertNoOutcome() {
    assertThat(arrived).isNull();
    assertThat(refusal).isNull();
  }

  /** Lets a body arrive in pieces, as a server does. */
  private void arrive(byte[] body, int max, BodyMemory memory) throws IOException {
    arrived = null;
    refusal = null;
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    boolean[] more = {false};
    ArrivingBody arriving =
        new ArrivingBody(
            in,
            () -> {
              more[0] = !more[0] || random.nextInt(3) > 0;
              return more[0] && in.available() > 0;
            },
            memory,
            max,
            outcome);
    while (in.available() > 0 && refusal == null) {
      arriving.onDataAvailable();
    }
    arriving.onAllDataRead();
    arriving.onError(new IOException("gone afterwards"));
  }

  private static BodyMemory plenty() {
    return new BodyMemory(new BodyMemory.Budget(Long.MAX_VALUE));
  }

  @Test
  void bodiesOfEveryLengthArriveWhole() throws IOException {
    for (int length : new int[] {0, 1, 4095, 4096, 4097, (64 << 10) + 1, MAX - 1, MAX}) {
      byte[] body = new byte[length];
      random.nextBytes(body);
      arrive(body, MAX, plenty());
      assertThat(arrived).isEqualTo(body);
      assertThat(refusal).isNull();
    }
  }

  @Test
  void aLargerBodyThanAcceptedIsRefusedOnce() throws IOException {
    arrive(new byte[MAX + 1], MAX, plenty());
    assertThat(refusal.httpStatus()).isEqualTo(413);
    assertThat(arrived).isNull();
  }

  @Test
  void aClientThatVanishesIsNotWaitedFor() {
    ArrivingBody arriving =
        new ArrivingBody(new ByteArrayInputStream(new byte[0]), () -> false, plenty(), 10, outcome);
    arriving.onError(new IOException("gone"));
    arriving.onAllDataRead();
    assertThat(refusal.httpStatus()).isEqualTo(408);
    assertThat(arrived).isNull();
  }

  @Test
  void bodiesShareTheirMemory() throws IOException {
    BodyMemory.Budget budget = new BodyMemory.Budget(3 << 20);
    BodyMemory first = new BodyMemory(budget);
    arrive(new byte[MAX], MAX, first);
    assertThat(arrived).hasSize(MAX);
    BodyMemory second = new BodyMemory(budget);
    arrive(new byte[MAX], MAX, second);
    assertThat(refusal.httpStatus()).isEqualTo(429);
    second.release();
    first.release();
    first.release();
    arrive(new byte[MAX], MAX, new BodyMemory(budget));
    assertThat(arrived).hasSize(MAX);
  }

  @Test
  void objectsMadeOfLargeBodiesAreCountedToo() {
    BodyMemory.Budget budget = new BodyMemory.Budget(12 << 20);
    BodyMemory first = new BodyMemory(budget);
    assertThat(first.take(MAX)).isTrue();
    assertThat(first.takeForDecoding(MAX)).isTrue();
    BodyMemory second = new BodyMemory(budget);
    assertThat(second.take(MAX)).isTrue();
    assertThat(second.takeForDecoding(MAX)).isFalse();
    assertThat(second.takeForDecoding(10)).isTrue();
    first.release();
    assertThat(second.takeForDecoding(MAX)).isTrue();
  }
}
