package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;

class SourceCatchUpTest {
  private static final Lsn POSITION = new Lsn("00000000/00000010");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START;
  private int opened;
  private int closed;

  /** Gives what it was told, one at a time, a second apart; afterwards only time passes. */
  private final class Scripted implements CheckpointSubscription {
    private final Deque<Event> events;

    private Scripted(Event... events) {
      this.events = new ArrayDeque<>(Arrays.asList(events));
      opened++;
    }

    @Override
    public Event next(Duration timeout) {
      now = now.plus(events.isEmpty() ? timeout : Duration.ofSeconds(1));
      return events.isEmpty() ? new TimedOut() : events.remove();
    }

    @Override
    public void wakeUp() {}

    @Override
    public void close() {
      closed++;
    }
  }

  private static CheckpointSubscription.Event at(long opId, String lsn) {
    return new CheckpointSubscription.Advanced(
        new Checkpoint(new GroupId(1), new OpId(opId), Optional.ofNullable(lsn).map(Lsn::new)));
  }

  private OpId await(CheckpointSubscription.Event[]... configs) throws Exception {
    Deque<CheckpointSubscription.Event[]> left = new ArrayDeque<>(Arrays.asList(configs));
    OpId found = SourceCatchUp.await(() -> new Scripted(left.remove()), POSITION, () -> now);
    assertThat(closed).isEqualTo(opened);
    return found;
  }

  private static CheckpointSubscription.Event[] events(CheckpointSubscription.Event... events) {
    return events;
  }

  @Test
  void theFirstCheckpointAtOrBeyondThePositionCounts() throws Exception {
    assertThat(
            await(
                events(
                    at(1, null),
                    at(2, "00000000/0000000F"),
                    new CheckpointSubscription.TimedOut(),
                    at(3, "00000000/00000010"),
                    at(4, "00000000/00000011"))))
        .isEqualTo(new OpId(3));
    assertThat(await(events(at(9, "00000001/00000000")))).isEqualTo(new OpId(9));
  }

  @Test
  void aConfigThatTakesOverIsFollowed() throws Exception {
    assertThat(
            await(
                events(at(1, "00000000/00000001"), new CheckpointSubscription.Ended()),
                events(at(7, "00000000/00000020"))))
        .isEqualTo(new OpId(7));
    assertThat(opened).isEqualTo(2);
  }

  @Test
  void afterFiftySecondsItIsGivenUp() {
    assertThatThrownBy(() -> await(events(at(1, "00000000/00000001"))))
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            late -> {
              assertThat(late.code()).isEqualTo(ErrorCode.PSYNC_S2001);
              assertThat(late.httpStatus()).isEqualTo(500);
            });
    assertThat(Duration.between(START, now)).isEqualTo(Duration.ofSeconds(50));
    assertThat(closed).isEqualTo(1);
  }

  @Test
  void aProcessThatGoesDownGivesUpAtOnce() {
    assertThatThrownBy(() -> await(events(new CheckpointSubscription.Ended())))
        .isInstanceOf(PowerSyncException.class);
    assertThat(opened).isEqualTo(1);
  }
}
