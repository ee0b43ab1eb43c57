package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.WriteCheckpoints;

class WriteCheckpointRequestsTest {
  private final Queue<Runnable> turns = new ArrayDeque<>();
  private final List<String> events = new ArrayList<>();
  private int heads;
  private boolean advance = true;
  private final WriteCheckpointRequests requests =
      new WriteCheckpointRequests(
          new Numbers(),
          () -> {
            events.add("head");
            return new Lsn("0/" + ++heads);
          },
          () -> events.add("marker"),
          turns::add);

  private final class Numbers implements WriteCheckpoints {
    @Override
    public Result create(List<Request> batch) {
      Map<String, Long> numbers = new HashMap<>();
      for (Request request : batch) {
        events.add(
            request.userId()
                + "@"
                + request.head()
                + (request.requestId().isPresent() ? "=" + request.requestId().getAsLong() : ""));
        numbers.put(request.userId(), request.requestId().orElse(batch.size()));
      }
      return new Result(numbers, advance);
    }

    @Override
    public Map<String, Long> effective(Collection<String> userIds, Optional<Lsn> position) {
      return Map.of();
    }
  }

  private CompletableFuture<Long> next(String user) {
    return requests.request(user, OptionalLong.empty());
  }

  @Tag("CHK-03")
  @Tag("wc-batching")
  @Test
  void requestsOfOneTurnShareHeadStorageCallAndMarker() {
    CompletableFuture<Long> a = next("a/c1");
    CompletableFuture<Long> b = next("b");
    assertThat(turns).hasSize(1);
    turns.remove().run();

    assertThat(events).containsExactly("head", "a/c1@0/1", "b@0/1", "marker");
    assertThat(a).isCompletedWithValue(2L);
    assertThat(b).isCompletedWithValue(2L);
  }

  @Test
  void requestsAfterABatchBeganFormTheNext() {
    next("a");
    turns.remove().run();
    next("c");
    next("d");
    next("e");

    assertThat(turns).hasSize(1);
    turns.remove().run();
    assertThat(events)
        .containsExactly("head", "a@0/1", "marker", "head", "c@0/2", "d@0/2", "e@0/2", "marker");
  }

  @Test
  void requestsOfOneKeyAreMergedAndTheGreatestSuppliedIdWins() {
    CompletableFuture<Long> generated = next("a");
    CompletableFuture<Long> supplied = requests.request("a", OptionalLong.of(42));
    requests.request("a", OptionalLong.of(41));
    turns.remove().run();

    assertThat(events).containsExactly("head", "a@0/1=42", "marker");
    assertThat(generated).isCompletedWithValue(42L);
    assertThat(supplied).isCompletedWithValue(42L);
  }

  @Tag("CHK-03")
  @Tag("wc-three-in-flight")
  @Test
  void atMostThreeBatchesAreInFlight() {
    List<Runnable> begun = new ArrayList<>();
    WriteCheckpointRequests held =
        new WriteCheckpointRequests(
            new Numbers(),
            () -> {
              // Requests that arrive while this batch reads the head belong to later batches.
              if (!begun.isEmpty()) {
                begun.remove(0).run();
              }
              return new Lsn("0/1");
            },
            () -> events.add("marker"),
            turns::add);
    begun.add(
        () -> {
          held.request("b", OptionalLong.empty());
          turns.remove().run();
        });
    begun.add(
        () -> {
          held.request("c", OptionalLong.empty());
          turns.remove().run();
        });
    begun.add(
        () -> {
          held.request("d", OptionalLong.empty());
          events.add("waiting " + turns.size());
        });
    held.request("a", OptionalLong.empty());
    turns.remove().run();

    assertThat(events)
        .containsExactly("waiting 0", "c@0/1", "marker", "b@0/1", "marker", "a@0/1", "marker");
    assertThat(turns).hasSize(1);
  }

  @Tag("wc-marker-rules")
  @Test
  void noMarkerWhenNothingNeedsToBeObserved() {
    advance = false;
    next("a");
    turns.remove().run();

    assertThat(events).containsExactly("head", "a@0/1");
  }

  /** Storage has an index of keys; one that does not fit would fail the whole batch. */
  @Test
  void aKeyThatIsTooLongFailsItsCallerOnly() {
    CompletableFuture<Long> tooLong = next("u/" + "鸚".repeat(867));
    CompletableFuture<Long> greatest = next("u/" + "鸚".repeat(866));
    turns.remove().run();

    assertThat(tooLong)
        .isCompletedExceptionally()
        .satisfies(
            failed ->
                assertThatThrownBy(failed::join).hasCauseInstanceOf(InvalidRequestException.class));
    assertThat(greatest).isCompletedWithValue(1L);
  }

  @Test
  void aFailingSourceFailsAllCallersOnce() {
    WriteCheckpointRequests failing =
        new WriteCheckpointRequests(
            new Numbers(),
            () -> {
              throw new IllegalStateException("no source");
            },
            () -> events.add("marker"),
            turns::add);
    CompletableFuture<Long> a = failing.request("a", OptionalLong.empty());
    CompletableFuture<Long> b = failing.request("b", OptionalLong.empty());
    turns.remove().run();

    assertThatThrownBy(a::join).hasRootCauseMessage("no source");
    assertThatThrownBy(b::join).hasRootCauseMessage("no source");
    assertThat(events).isEmpty();
    assertThat(turns).isEmpty();
  }
}
