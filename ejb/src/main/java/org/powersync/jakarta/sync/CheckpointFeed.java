package org.powersync.jakarta.sync;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where a stream's thread waits: for checkpoints that mean something to its client, and for work
 * done elsewhere. Before every wait it flushes, during it the token's clock goes on. One thread.
 */
final class CheckpointFeed {
  /** After a checkpoint was delivered, changes of this time are taken together. */
  private static final Duration BREATHER = Duration.ofMillis(10);

  private static final Duration FOREVER = Duration.ofDays(1);

  private final CheckpointWatch watch;
  private final AnnouncementBuilder builder;
  private final Executor background;
  private final InstantSource time;
  private final ClientState client;
  private final StreamOutput output;
  private Instant notBefore = Instant.MIN;
  private CheckpointWatch.Due latest;
  private CompletableFuture<Optional<Announcement>> building;
  private boolean ended;

  CheckpointFeed(
      CheckpointWatch watch,
      AnnouncementBuilder builder,
      Executor background,
      InstantSource time,
      ClientState client,
      StreamOutput output) {
    this.watch = watch;
    this.builder = builder;
    this.background = background;
    this.time = time;
    this.client = client;
    this.output = output;
  }

  /** A checkpoint was delivered and nothing supersedes it. */
  void delivered() {
    notBefore = time.instant().plus(BREATHER);
  }

  /** Waits for the next announcement, relative to what was sent last. */
  Announcement next() throws IOException, InterruptedException, StreamEnded {
    while (true) {
      if (ended) {
        output.flush();
        throw new StreamEnded(StreamEnd.CONFIG_CHANGED);
      }
      Optional<Announcement> built = takeBuilt();
      if (built.isPresent()) {
        return built.get();
      }
      boolean waiting = building == null && latest != null;
      Duration breather = Duration.between(time.instant(), notBefore);
      if (waiting && !resting(breather)) {
        build();
      } else {
        await(waiting ? breather : FOREVER, building);
      }
    }
  }

  /** A clock that is set back does not make the pause longer. */
  private static boolean resting(Duration left) {
    return left.compareTo(Duration.ZERO) > 0 && left.compareTo(BREATHER) <= 0;
  }

  /** The next announcement if there is one now; to be called again until there is. */
  Optional<Announcement> poll() throws InterruptedException {
    if (!ended && building == null && latest == null) {
      receive(watch.next(Duration.ZERO));
    }
    if (building == null && latest != null) {
      build();
    }
    return takeBuilt();
  }

  /** Has the stream's thread look up when this work is done. */
  void wakeUpAfter(CompletableFuture<?> work) {
    if (!work.isDone()) {
      work.whenComplete((result, error) -> watch.wakeUp());
    }
  }

  /** Waits until something may have happened: this work done, or a checkpoint, or none of both. */
  void await(CompletableFuture<?> work) throws IOException, InterruptedException, StreamEnded {
    await(FOREVER, work);
  }

  /** The result of work that is done; its failure as it was thrown. */
  static <T> T result(CompletableFuture<T> work) {
    try {
      return work.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void await(Duration atMost, CompletableFuture<?> work)
      throws IOException, InterruptedException, StreamEnded {
    output.tick();
    output.flush();
    Duration untilDue = output.untilDue();
    Duration timeout = untilDue.compareTo(atMost) < 0 ? untilDue : atMost;
    if (timeout.isNegative()) {
      return;
    }
    if (!ended) {
      receive(watch.next(timeout));
    } else if (work != null) {
      awaitOnly(work, timeout);
    }
  }

  /** An ended subscription does not wait any more, the last delivery still has to. */
  private static void awaitOnly(CompletableFuture<?> work, Duration timeout)
      throws InterruptedException {
    try {
      work.get(timeout.toMillis() + 1, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // The caller looks at the work itself.
      return;
    }
  }

  private void receive(CheckpointWatch.Event event) {
    if (event instanceof CheckpointWatch.Due due) {
      latest = due;
    } else if (event instanceof CheckpointWatch.Ended) {
      ended = true;
    }
  }

  private void build() {
    CheckpointWatch.Due due = latest;
    Optional<Announcement> last = client.last();
    latest = null;
    // What is at hand is not worth a change of threads, twice, for each of many streams.
    if (builder.ready(due)) {
      building = new CompletableFuture<>();
      try {
        building.complete(builder.build(due, last));
      } catch (RuntimeException e) {
        building.completeExceptionally(e);
      }
    } else {
      building = CompletableFuture.supplyAsync(() -> builder.build(due, last), background);
      wakeUpAfter(building);
    }
  }

  private Optional<Announcement> takeBuilt() {
    if (building == null || !building.isDone()) {
      return Optional.empty();
    }
    CompletableFuture<Optional<Announcement>> done = building;
    building = null;
    return result(done);
  }
}
