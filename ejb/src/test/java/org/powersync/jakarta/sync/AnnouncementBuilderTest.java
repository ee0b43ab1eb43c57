package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.LookupSource;
import org.powersync.jakarta.syncconfig.RequestEvaluation;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;

/** What a checkpoint means relative to what was sent, whatever was computed in between. */
class AnnouncementBuilderTest {
  private final FakeStorage storage = new FakeStorage(new FakeTime());
  private final AnnouncementBuilder builder;
  private Optional<OpId> dropped = Optional.empty();
  private Optional<Changes> said = Optional.empty();

  AnnouncementBuilderTest() throws Exception {
    StreamRequest request = StreamRequest.of(StreamScenario.members("{\"raw_data\":true}"));
    RequestedBuckets requested =
        new RequestedBuckets(
            request,
            List.of(new DefinitionInfo("d", true, true)),
            new TwoBuckets(),
            StreamLimits.DEFAULT);
    builder = new AnnouncementBuilder(requested, storage, new KnowingWatch(), StreamJournal.NONE);
  }

  private Optional<Announcement> build(Optional<Announcement> last) {
    return builder.build(
        new CheckpointWatch.Due(storage.checkpoint(), OptionalLong::empty, true, 0), last);
  }

  @Tag("state-candidate-discarded")
  @Test
  void aCandidateThatWasNotSentLeavesNoTrace() {
    storage.put("1#x[]", 1);
    storage.put("1#y[]", 1);
    storage.commit("0/1");
    Optional<Announcement> sent = build(Optional.empty());

    storage.put("1#x[]", 1);
    storage.commit("0/2");
    assertThat(build(sent).orElseThrow().changed()).containsExactly(new BucketName("1#x[]"));

    storage.put("1#y[]", 1);
    storage.commit("0/3");
    Announcement next = build(sent).orElseThrow();
    assertThat(next.changed())
        .containsExactlyInAnyOrder(new BucketName("1#x[]"), new BucketName("1#y[]"));
    assertThat(next.buckets().get(new BucketName("1#x[]")).checksum().count()).isEqualTo(2);
  }

  @Tag("inval-candidate-state-kept")
  @Test
  void aCandidateThatCompactionWentPastIsDroppedAndNothingOfItKept() {
    storage.put("1#x[]", 1);
    storage.put("1#y[]", 1);
    storage.commit("0/1");
    Optional<Announcement> sent = build(Optional.empty());

    storage.put("1#x[]", 1);
    storage.commit("0/2");
    storage.put("1#x[]", 1);
    storage.compact("1#x[]", 4, 4);
    said = Optional.of(new Changes.Only(Set.of(new BucketName("1#x[]")), Set.of()));
    assertThat(build(sent)).isEmpty();
    assertThat(dropped).contains(new OpId(3));

    storage.commit("0/3");
    Announcement next = build(sent).orElseThrow();
    assertThat(storage.checksumsAsked)
        .containsExactlyInAnyOrder(new BucketName("1#x[]"), new BucketName("1#y[]"));
    assertThat(next.changed()).containsExactly(new BucketName("1#x[]"));
    assertThat(next.buckets().get(new BucketName("1#x[]")).checksum().checksum()).isEqualTo(3);
  }

  private static final class TwoBuckets implements RequestEvaluation {
    @Override
    public List<ResolvedBucket> staticBuckets() {
      return List.of(
          StreamScenario.resolved("d", "1#x[]", 3, OptionalInt.empty()),
          StreamScenario.resolved("d", "1#y[]", 3, OptionalInt.empty()));
    }

    @Override
    public List<SyncRequest.StreamError> errors() {
      return List.of();
    }

    @Override
    public boolean dynamic() {
      return false;
    }

    @Override
    public List<ResolvedBucket> dynamicBuckets(LookupSource source) {
      return List.of();
    }
  }

  /** Knows exactly what changed, unless the test says it. */
  private final class KnowingWatch implements CheckpointWatch {
    @Override
    public Event next(Duration timeout) {
      return new TimedOut();
    }

    @Override
    public void wakeUp() {
      // Nobody waits.
    }

    @Override
    public void dependsOn(Dependencies dependencies, OpId asOf) {
      assertThat(dependencies.buckets()).hasSize(2);
    }

    @Override
    public void dropped(OpId checkpoint) {
      dropped = Optional.of(checkpoint);
    }

    @Override
    public Changes changes(OpId after, OpId upTo) {
      return said.orElseGet(() -> storage.knownChanges(after, upTo));
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
