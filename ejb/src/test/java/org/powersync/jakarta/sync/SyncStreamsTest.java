package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.sync.ndjson.NdjsonEncoder;
import org.powersync.jakarta.telemetry.Counters;

/** Opening, listing and ending the streams of a process. */
@Timeout(60)
class SyncStreamsTest {
  private final LiveStorage storage = new LiveStorage();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Counters counters = new Counters();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final FakeProvider provider = new FakeProvider(storage);
  private final SyncStreams streams =
      new SyncStreams(
          provider,
          StreamLimits.DEFAULT,
          new SyncStream.Shared(
              new DataSlots(2, threads, counters),
              threads,
              Clock.systemUTC(),
              new Random(1),
              counters),
          active -> storage::knownChanges,
          threads,
          new ConnectionEvents() {
            @Override
            public void connected(Connection connection) {
              events.add("+" + connection.userId() + " " + connection.userAgent());
            }

            @Override
            public void disconnected(Connection connection, Instant at) {
              events.add("-" + connection.userId());
            }
          });

  @AfterEach
  void stop() throws InterruptedException {
    streams.close(Duration.ZERO, Duration.ofSeconds(30));
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(storage.subscriptions()).isZero();
  }

  private static StreamCaller user(String name) {
    return new StreamCaller(name, Map.of("sub", name), Instant.now().plusSeconds(3600));
  }

  private static StreamRequest request(String client) {
    return StreamRequest.of(Map.of("client_id", client));
  }

  private Future<StreamEnd> start(String user, String client) {
    SyncStream stream = streams.open(user(user), request(client), "agent");
    return threads.submit(
        () -> {
          try {
            return stream.run(new NdjsonEncoder(true), new Nowhere(), true, StreamJournal.NONE);
          } finally {
            streams.closed(stream);
          }
        });
  }

  private static final class Nowhere implements LineSink {
    @Override
    public void write(ByteBuffer line) {
      assertThat(line.hasRemaining()).isTrue();
    }

    @Override
    public void flush() {
      // Nobody reads.
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Await.until("it is so", Duration.ofSeconds(30), condition);
  }

  @Test
  void openStreamsAreListedAndHeardOf() throws Exception {
    storage.change(s -> s.commit("0/1"));
    Future<StreamEnd> ann = start("ann", "c1");
    start("bob", "c2");
    assertThat(streams.list(10))
        .extracting(OpenStream::userId)
        .containsExactlyInAnyOrder("ann", "bob");
    assertThat(streams.list(1)).hasSize(1);
    assertThat(counters.openStreams()).isEqualTo(2);
    await(() -> streams.list(10).stream().allMatch(open -> open.completed().isPresent()));
    assertThat(storage.subscriptions()).isEqualTo(1);
    assertThat(streams.end("ann", Optional.of("other"))).isZero();
    assertThat(streams.end("ann", Optional.of("c1"))).isEqualTo(1);
    assertThat(ann.get(30, TimeUnit.SECONDS)).isEqualTo(StreamEnd.DISCONNECTED);
    await(() -> events.contains("-ann"));
    assertThat(events).containsSubsequence("+ann agent", "-ann").contains("+bob agent");
    assertThat(streams.list(10)).extracting(OpenStream::userId).containsExactly("bob");
  }

  @Tag("http-closing")
  @Test
  void shutdownEndsStreamsOneAfterTheOtherAndRefusesNewOnes() throws Exception {
    storage.change(s -> s.commit("0/1"));
    List<Future<StreamEnd>> running = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      running.add(start("u" + i, "c"));
    }
    long start = System.nanoTime();
    assertThat(streams.close(Duration.ofMillis(400), Duration.ofSeconds(30))).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
    for (Future<StreamEnd> stream : running) {
      assertThat(stream.get(30, TimeUnit.SECONDS)).isEqualTo(StreamEnd.SHUTDOWN);
    }
    assertThat(streams.closing()).isTrue();
    assertThat(counters.openStreams()).isZero();
    assertThatExceptionOfType(PowerSyncException.class)
        .isThrownBy(() -> streams.open(user("late"), request("c"), ""))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2003));
  }

  @Test
  void aShutdownInNoHurryIsOvertakenByOneThatIs() throws Exception {
    storage.change(s -> s.commit("0/1"));
    for (int i = 0; i < 20; i++) {
      start("u" + i, "c");
    }
    Duration hour = Duration.ofHours(1);
    Future<Boolean> unhurried = threads.submit(() -> streams.close(hour, hour));
    await(() -> streams.closing());
    assertThat(streams.close(Duration.ZERO, Duration.ofSeconds(30))).isTrue();
    assertThat(unhurried.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(counters.openStreams()).isZero();
  }

  @Tag("http-no-config")
  @Test
  void withoutAnActiveConfigNothingOpens() {
    provider.deactivate();
    assertThatExceptionOfType(PowerSyncException.class)
        .isThrownBy(() -> streams.open(user("ann"), request("c"), ""))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2302));
    assertThat(counters.openStreams()).isZero();
  }

  @Test
  void whenAnotherConfigBecomesActiveItsCheckpointsAreWatched() throws Exception {
    storage.change(s -> s.commit("0/1"));
    Future<StreamEnd> before = start("ann", "c");
    LiveStorage next = new LiveStorage();
    next.change(s -> s.commit("0/1"));
    provider.activate(next);
    Future<StreamEnd> after = start("bob", "c");
    assertThat(before.get(30, TimeUnit.SECONDS)).isEqualTo(StreamEnd.CONFIG_CHANGED);
    await(() -> next.subscriptions() == 1 && storage.subscriptions() == 0);
    assertThat(after).isNotDone();
    streams.close(Duration.ZERO, Duration.ofSeconds(30));
    await(() -> next.subscriptions() == 0);
  }
}
