package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.BucketOperation.Kind;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.StreamJournal.DeliveryNote;
import org.powersync.jakarta.sync.StreamJournal.Outcome;
import org.powersync.jakarta.sync.StreamJournal.Phase;
import org.powersync.jakarta.syncconfig.BucketName;

/** What a stream tells its journal (sync API section 7.3). */
class StreamJournalTest {
  private static final BucketName HOT = new BucketName("1#hot[]");
  private static final BucketName BULK = new BucketName("1#bulk[]");

  private final StreamScenario scenario = new StreamScenario();
  private final RecordedJournal journal = scenario.journal;

  private void hotAndBulk(int bulk) {
    scenario.bucket("hot", HOT.value(), 1).bucket("bulk", BULK.value(), 3);
    scenario.storage.put(HOT.value(), 1);
    scenario.storage.put(BULK.value(), bulk);
    scenario.storage.commit("0/1");
  }

  @Test
  void everyCheckpointLineIsNotedWithWhatItChanges() throws Exception {
    hotAndBulk(2);
    scenario.at(
        Duration.ofSeconds(1),
        () -> {
          scenario.storage.put(HOT.value(), 1);
          scenario.storage.commit("0/2");
        });
    scenario.run();

    assertThat(journal.announced).hasSize(2);
    StreamJournal.CheckpointNote first = journal.announced.get(0);
    assertThat(first.first()).isTrue();
    assertThat(first.checkpoint()).isEqualTo(new OpId(3));
    assertThat(first.writeCheckpoint()).isEqualTo(OptionalLong.empty());
    assertThat(first.buckets()).isEqualTo(2);
    assertThat(first.updated()).containsExactly(HOT, BULK);
    StreamJournal.CheckpointNote diff = journal.announced.get(1);
    assertThat(diff.first()).isFalse();
    assertThat(diff.buckets()).isEqualTo(2);
    assertThat(diff.updated()).containsExactly(HOT);
    assertThat(diff.removed()).isEmpty();
  }

  @Test
  void namesOfBucketsAreBounded() throws Exception {
    scenario.definition("many", true);
    for (int i = 0; i < 50; i++) {
      scenario.also("many", "1#many[" + i + "]", 3, OptionalInt.empty());
    }
    scenario.storage.commit("0/1");
    scenario.run();

    assertThat(journal.announced.get(0).buckets()).isEqualTo(50);
    assertThat(journal.announced.get(0).updated()).hasSize(StreamJournal.MAX_BUCKETS);
  }

  @Test
  void everyCompletionIsNotedWithWhatCameSinceTheLast() throws Exception {
    hotAndBulk(150);
    scenario.run();

    assertThat(journal.delivered)
        .extracting(DeliveryNote::outcome)
        .containsExactly(Outcome.PARTIAL, Outcome.COMPLETE);
    DeliveryNote partial = journal.delivered.get(0);
    assertThat(partial.priority()).isEqualTo(OptionalInt.of(1));
    assertThat(partial.operations()).isEqualTo(1);
    DeliveryNote complete = journal.delivered.get(1);
    assertThat(complete.operations()).isEqualTo(150);
    assertThat(complete.bytes()).isGreaterThan(partial.bytes());
    assertThat(complete.total()).isGreaterThanOrEqualTo(partial.total());
  }

  @Test
  void aSupersededCheckpointIsNotedWithWhatWasSentOfIt() throws Exception {
    hotAndBulk(2500);
    scenario.after(
        "\"bucket\":\"1#bulk[]\",\"after\":\"0\"",
        () -> {
          scenario.storage.put(HOT.value(), 1);
          scenario.storage.commit("0/2");
        });
    scenario.run();

    assertThat(journal.delivered)
        .extracting(DeliveryNote::outcome)
        .containsExactly(
            Outcome.PARTIAL, Outcome.CHECKPOINT_SUPERSEDED, Outcome.PARTIAL, Outcome.COMPLETE);
    assertThat(journal.delivered.get(1).operations()).isEqualTo(1000);
    assertThat(journal.delivered.get(3).operations()).isEqualTo(1500);
  }

  @Test
  void aCheckpointThatCompactionOvertookIsNoted() throws Exception {
    hotAndBulk(5);
    scenario.after("\"checkpoint\":{", () -> scenario.storage.compact(BULK.value(), 4, 1_000));
    scenario.run();

    assertThat(journal.delivered)
        .extracting(DeliveryNote::outcome)
        .contains(Outcome.COMPACTED)
        .doesNotContain(Outcome.COMPLETE);
  }

  @Test
  void aStreamThatEndsOrFailsInACheckpointNotesThat() {
    hotAndBulk(5);
    scenario.after(
        "\"checkpoint\":{",
        () -> {
          throw new IllegalStateException("out of order");
        });

    assertThatThrownBy(scenario::run).isInstanceOf(IllegalStateException.class);
    assertThat(journal.delivered)
        .extracting(DeliveryNote::outcome)
        .containsExactly(Outcome.CHECKPOINT_ERROR);
  }

  @Test
  void theTotalsAreWhatWasSent() throws Exception {
    hotAndBulk(150);
    scenario.at(
        Duration.ofSeconds(1),
        () -> {
          scenario.storage.remove(HOT.value(), "t", "r1", 7);
          scenario.storage.commit("0/2");
        });
    scenario.run();

    StreamTotals totals = scenario.totals();
    assertThat(totals.operations())
        .isEqualTo(Map.of(Kind.PUT, 151L, Kind.REMOVE, 1L, Kind.MOVE, 0L, Kind.CLEAR, 0L));
    assertThat(totals.largeBuckets()).containsExactly(BULK);
    assertThat(totals.bytes())
        .isEqualTo(scenario.lines.stream().mapToLong(line -> line.getBytes().length + 1).sum());
  }

  @Test
  void timesAreOfWholeMillisecondsAndAddUp() {
    DeliveryClock clock = new DeliveryClock(System.nanoTime());
    clock.add(Phase.CHECKSUM, 3_400_000);
    clock.add(Phase.SENDING, 900_000);

    assertThat(clock.times(10_000_000))
        .isEqualTo(Map.of(Phase.CHECKSUM, Duration.ofMillis(3), Phase.OTHER, Duration.ofMillis(5)));
  }
}
