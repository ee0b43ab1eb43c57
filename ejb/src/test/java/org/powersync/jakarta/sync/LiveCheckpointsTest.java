package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class LiveCheckpointsTest {
  private static final BucketName A = new BucketName("1#a[]");
  private static final BucketName B = new BucketName("1#b[]");
  private static final ParameterLookup LOOKUP =
      new ParameterLookup("l", "", List.of(SqlValue.of("ann")));

  private final FakeTime time = new FakeTime();
  private final List<String> asked = new ArrayList<>();
  private final Map<String, Long> numbers = new HashMap<>();
  private Changes changes = Changes.EVERYTHING;
  private RuntimeException failure;

  private final WriteCheckpoints writeCheckpoints =
      new WriteCheckpoints() {
        @Override
        public Result create(List<Request> requests) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Long> effective(Collection<String> users, Optional<Lsn> position) {
          asked.add(position.orElseThrow() + " " + users.stream().sorted().toList());
          if (failure != null) {
            throw failure;
          }
          Map<String, Long> found = new HashMap<>(numbers);
          found.keySet().retainAll(users);
          return found;
        }
      };

  private final LiveCheckpoints live =
      new LiveCheckpoints(
          (after, upTo) -> {
            if (failure != null) {
              throw failure;
            }
            return changes;
          },
          writeCheckpoints,
          Runnable::run,
          time);

  private static Checkpoint at(long op, String lsn) {
    return new Checkpoint(new GroupId(1), new OpId(op), Optional.of(new Lsn(lsn)));
  }

  private static Dependencies on(BucketName... buckets) {
    return new Dependencies(Set.of(buckets), Set.of());
  }

  private static Changes changed(BucketName... buckets) {
    return new Changes.Only(Set.of(buckets), Set.of());
  }

  private static Optional<CheckpointWatch.Due> due(StreamWatch watch) throws InterruptedException {
    return watch.next(Duration.ZERO) instanceof CheckpointWatch.Due due
        ? Optional.of(due)
        : Optional.empty();
  }

  private static boolean isDue(StreamWatch watch) throws InterruptedException {
    return due(watch).isPresent();
  }

  /** A stream that has announced the current checkpoint. */
  private StreamWatch announced(String user, Dependencies dependencies, long at)
      throws InterruptedException {
    StreamWatch watch = live.watch(user);
    due(watch).orElseThrow().writeCheckpoint().get();
    watch.dependsOn(dependencies, new OpId(at));
    return watch;
  }

  @Test
  void onlyStreamsThatDependOnWhatChangedAreTold() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    StreamWatch b = announced("b", on(B), 1);
    StreamWatch both = announced("c", on(A, B), 1);
    StreamWatch none = announced("d", new Dependencies(Set.of(), Set.of(LOOKUP)), 1);
    changes = changed(A);
    live.advanced(at(2, "1"));
    assertThat(isDue(a)).isTrue();
    assertThat(isDue(b)).isFalse();
    assertThat(isDue(both)).isTrue();
    assertThat(isDue(none)).isFalse();
    changes = new Changes.Only(Set.of(), Set.of(LOOKUP));
    live.advanced(at(3, "1"));
    assertThat(isDue(a)).isFalse();
    assertThat(isDue(none)).isTrue();
    assertThat(none.changes(new OpId(1), new OpId(3)))
        .isEqualTo(new Changes.Only(Set.of(A), Set.of(LOOKUP)));
  }

  @Test
  void whenNobodyKnowsWhatChangedEveryStreamIsTold() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    live.advanced(at(2, "1"));
    assertThat(isDue(a)).isTrue();
    failure = new IllegalStateException("storage");
    live.advanced(at(3, "1"));
    assertThat(isDue(a)).isTrue();
    assertThat(a.changes(new OpId(2), new OpId(3))).isEqualTo(Changes.EVERYTHING);
  }

  @Test
  void aChangeWhileAStreamIsLookingIsNotMissed() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(B), 1);
    changes = changed(A);
    live.advanced(at(2, "1"));
    assertThat(isDue(a)).isFalse();
    // Computed at 1, when the change of A was yet to come.
    a.dependsOn(on(A), new OpId(1));
    assertThat(due(a)).map(d -> d.checkpoint().opId()).contains(new OpId(2));
    a.dependsOn(on(A), new OpId(2));
    assertThat(isDue(a)).isFalse();
  }

  @Test
  void newStreamsAreToldOfEveryCheckpointUntilTheyHaveAnnouncedOne() throws Exception {
    StreamWatch early = live.watch("a");
    assertThat(isDue(early)).isFalse();
    live.advanced(at(1, "1"));
    changes = changed(B);
    live.advanced(at(2, "1"));
    assertThat(due(early)).map(d -> d.checkpoint().opId()).contains(new OpId(2));
    early.dependsOn(on(A), new OpId(2));
    live.advanced(at(3, "1"));
    assertThat(isDue(early)).isFalse();
  }

  @Test
  void aStreamWhoseCheckpointCompactionWentPastIsToldOfTheNextWhateverChanged() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    changes = changed(A);
    live.advanced(at(2, "1"));
    due(a).orElseThrow();
    a.dropped(new OpId(2));
    assertThat(isDue(a)).isFalse();
    changes = changed(B);
    live.advanced(at(3, "1"));
    assertThat(due(a)).map(d -> d.checkpoint().opId()).contains(new OpId(3));
    live.advanced(at(4, "1"));
    assertThat(isDue(a)).isTrue();
    // A newer one came while it was looking.
    a.dropped(new OpId(3));
    assertThat(due(a)).map(d -> d.checkpoint().opId()).contains(new OpId(4));
    a.dependsOn(on(A), new OpId(4));
    live.advanced(at(5, "1"));
    assertThat(isDue(a)).isFalse();
  }

  @Test
  void positionsAloneConcernNobody() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    live.advanced(at(1, "2"));
    live.advanced(at(1, "3"));
    assertThat(isDue(a)).isFalse();
  }

  @Test
  void writeCheckpointsOfAllUsersAreLookedUpTogether() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    StreamWatch b = announced("b", on(B), 1);
    live.advanced(at(1, "2"));
    isDue(a);
    isDue(b);
    asked.clear();
    numbers.put("a", 7L);
    live.advanced(at(1, "3"));
    assertThat(asked).containsExactly("3 [a, b]");
    assertThat(due(a).orElseThrow().writeCheckpoint().get()).isEqualTo(OptionalLong.of(7));
    assertThat(isDue(b)).isFalse();
    live.advanced(at(1, "3"));
    assertThat(asked).hasSize(1);
  }

  @Test
  void dataAndItsWriteCheckpointAreToldTogether() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    numbers.put("a", 1L);
    changes = changed(A);
    live.advanced(at(2, "2"));
    CheckpointWatch.Due due = due(a).orElseThrow();
    assertThat(due.checkpoint()).isEqualTo(at(2, "2"));
    assertThat(due.writeCheckpoint().get()).isEqualTo(OptionalLong.of(1));
  }

  @Test
  void unreadableWriteCheckpointsAreTriedAgain() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    numbers.put("a", 1L);
    failure = new IllegalStateException("storage");
    live.advanced(at(1, "2"));
    assertThat(isDue(a)).isFalse();
    failure = null;
    time.passUntil(time.instant().plus(live.untilLookUp()));
    live.lookUpWriteCheckpoints();
    assertThat(due(a).orElseThrow().writeCheckpoint().get()).isEqualTo(OptionalLong.of(1));
  }

  @Test
  void manyUsersAreAskedAboutNowAndThenUnlessOneOfThemJustAsked() throws Exception {
    live.advanced(at(1, "1"));
    for (int i = 0; i < 150; i++) {
      announced("u" + i, on(A), 1);
    }
    live.advanced(at(1, "2"));
    asked.clear();
    live.advanced(at(1, "3"));
    assertThat(asked).isEmpty();
    assertThat(live.untilLookUp()).isPositive().isLessThanOrEqualTo(Duration.ofMillis(100));
    time.passUntil(time.instant().plus(live.untilLookUp()));
    live.lookUpWriteCheckpoints();
    assertThat(asked).hasSize(1);
    live.writeCheckpointRequested();
    live.advanced(at(1, "4"));
    assertThat(asked).hasSize(2);
  }

  @Test
  void aClockThatIsSetBackDoesNotPutLookUpsOff() throws Exception {
    live.advanced(at(1, "1"));
    for (int i = 0; i < 150; i++) {
      announced("u" + i, on(A), 1);
    }
    live.advanced(at(1, "2"));
    asked.clear();
    time.set(time.instant().minus(Duration.ofMinutes(10)));
    live.advanced(at(1, "3"));
    assertThat(asked).hasSize(1);
    time.set(time.instant().minus(Duration.ofMinutes(10)));
    live.advanced(at(1, "4"));
    assertThat(asked).hasSize(2);
    assertThat(live.untilLookUp()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void theEndIsToldToAllAndToThoseWhoComeLater() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    live.end(Optional.empty());
    assertThat(a.next(Duration.ofDays(1))).isInstanceOf(CheckpointWatch.Ended.class);
    assertThat(live.watch("b").next(Duration.ofDays(1))).isInstanceOf(CheckpointWatch.Ended.class);
  }

  @Test
  void aFailureOfWatchingIsThrownByEveryStream() {
    StreamWatch a = live.watch("a");
    live.end(Optional.of(new IllegalStateException("lost")));
    assertThatThrownBy(() -> a.next(Duration.ofDays(1))).hasMessage("lost");
  }

  @Test
  void afterTimeWithoutStreamsTheFirstOneStartsAnew() throws Exception {
    live.advanced(at(1, "1"));
    StreamWatch a = announced("a", on(A), 1);
    a.close();
    changes = changed(B);
    live.advanced(at(2, "1"));
    live.advanced(at(3, "1"));
    StreamWatch b = live.watch("b");
    b.dependsOn(on(A), new OpId(1));
    assertThat(b.changes(new OpId(1), new OpId(3))).isEqualTo(Changes.EVERYTHING);
    assertThat(due(b)).map(d -> d.checkpoint().opId()).contains(new OpId(3));
  }

  @Test
  void changesOfLongAgoAreNotKnown() {
    RecentChanges recent = RecentChanges.since(new OpId(0));
    for (int op = 1; op <= 1000; op++) {
      recent = recent.and(new OpId(op), changed(op % 2 == 0 ? A : B));
    }
    assertThat(recent.between(new OpId(999), new OpId(1000))).isEqualTo(changed(A));
    assertThat(recent.between(new OpId(998), new OpId(1000))).isEqualTo(changed(A, B));
    assertThat(recent.between(new OpId(1), new OpId(1000))).isEqualTo(Changes.EVERYTHING);
    assertThat(recent.between(new OpId(1000), new OpId(1000))).isEqualTo(Changes.NOTHING);
    assertThat(recent.between(new OpId(999), new OpId(1001))).isEqualTo(Changes.EVERYTHING);
  }
}
