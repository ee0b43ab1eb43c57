package org.powersync.jakarta.sync.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.FOLLOWS;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.LEASE;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.METADATA;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.RESUME;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.bytes;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.cancel;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.frame;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.ints;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.keepAlive;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.requestN;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.requestStream;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.setup;
import static org.powersync.jakarta.sync.rsocket.ClientFrames.withLength;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RSocketConnectionTest {
  private static final String JSON = "application/json";
  private static final RSocketLimits USUAL = RSocketLimits.ofRequests(16 << 20);

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<OutgoingStream> streams = new CopyOnWriteArrayList<>();
  private volatile boolean transportClosed;
  private volatile RSocketFailure refusal;
  private volatile int allowed;

  /** While set, the decision about a SETUP is left to the test. */
  private volatile CompletableFuture<Responder> decision;

  private final FrameTransport transport =
      new FrameTransport() {
        @Override
        public void send(ByteBuffer frame) throws IOException {
          if (transportClosed) {
            throw new IOException("closed");
          }
          sent.add(ClientFrames.describe(frame));
        }

        @Override
        public void allow(int bytes) {
          allowed = bytes;
        }

        @Override
        public void close() {
          transportClosed = true;
        }
      };

  private RSocketConnection connection = connection(USUAL);

  private RSocketConnection connection(RSocketLimits limits) {
    return new RSocketConnection(transport, this::accept, limits);
  }

  private static RSocketLimits limits(int requestBytes, int streams, int heldBytes) {
    return new RSocketLimits(requestBytes, streams, heldBytes, USUAL.setupPatience());
  }

  private CompletionStage<Responder> accept(Acceptor.Introduction introduction) {
    requests.add("SETUP " + introduction.dataMimeType() + " " + text(introduction.payload()));
    if (decision != null) {
      return decision;
    }
    return refusal != null
        ? CompletableFuture.failedFuture(refusal)
        : CompletableFuture.completedFuture(responder());
  }

  private Responder responder() {
    return (request, answer) -> {
      requests.add(text(request));
      streams.add(answer);
    };
  }

  private static String text(Payload payload) {
    String metadata =
        payload.metadata().map(b -> new String(b, StandardCharsets.UTF_8)).orElse("-");
    return metadata + " " + new String(payload.data(), StandardCharsets.UTF_8);
  }

  private static ByteBuffer item(String text) {
    return ByteBuffer.wrap(bytes(text));
  }

  private void setUp() {
    connection.receive(setup(JSON, "{\"token\":\"t\"}"));
    assertThat(requests).containsExactly("SETUP application/json {\"token\":\"t\"} ");
    requests.clear();
  }

  @Test
  void aStreamIsSentAndCompleted() throws Exception {
    setUp();
    connection.receive(requestStream(1, 10, "{\"path\":\"/sync/stream\"}", "{}"));
    assertThat(requests).containsExactly("{\"path\":\"/sync/stream\"} {}");
    assertThat(streams.get(0).send(item("a"), Duration.ZERO)).isTrue();
    streams.get(0).complete();
    streams.get(0).complete();
    assertThat(sent).containsExactly("NEXT 1 a", "COMPLETE 1");
    assertThat(transportClosed).isFalse();
  }

  @Test
  void neverMoreItemsThanRequested() throws Exception {
    setUp();
    connection.receive(requestStream(1, 2, "m", "d"));
    OutgoingStream stream = streams.get(0);
    assertThat(stream.send(item("a"), Duration.ZERO)).isTrue();
    assertThat(stream.send(item("b"), Duration.ZERO)).isTrue();
    assertThat(stream.send(item("c"), Duration.ofMillis(1))).isFalse();
    connection.receive(requestN(1, 1));
    assertThat(stream.send(item("c"), Duration.ZERO)).isTrue();
    assertThat(stream.send(item("d"), Duration.ZERO)).isFalse();
    connection.receive(requestN(1, Integer.MAX_VALUE));
    connection.receive(requestN(1, Integer.MAX_VALUE));
    assertThat(stream.send(item("d"), Duration.ZERO)).isTrue();
    assertThat(sent).containsExactly("NEXT 1 a", "NEXT 1 b", "NEXT 1 c", "NEXT 1 d");
  }

  @Test
  void aWaitingSenderGoesOnWhenItemsAreRequested() throws Exception {
    setUp();
    connection.receive(requestStream(1, 1, "m", "d"));
    CountDownLatch done = new CountDownLatch(1);
    Thread sender =
        new Thread(
            () -> {
              try {
                streams.get(0).send(item("a"), Duration.ofSeconds(30));
                streams.get(0).send(item("b"), Duration.ofSeconds(30));
                done.countDown();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    sender.start();
    connection.receive(requestN(1, 1));
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sent).containsExactly("NEXT 1 a", "NEXT 1 b");
  }

  @Test
  void cancellingEndsAStreamWithoutAWord() {
    setUp();
    connection.receive(requestStream(1, 1, "m", "d"));
    boolean[] told = {false};
    streams.get(0).onCancel(() -> told[0] = true);
    connection.receive(cancel(1));
    assertThat(told[0]).isTrue();
    assertThat(streams.get(0).cancelled()).isTrue();
    assertThat(failure(() -> streams.get(0).send(item("a"), Duration.ZERO)))
        .isInstanceOf(IOException.class);
    assertThat(failure(() -> streams.get(0).complete())).isNull();
    assertThat(failure(() -> streams.get(0).fail("no"))).isNull();
    assertThat(sent).isEmpty();
    // The id may be used again.
    connection.receive(requestStream(1, 1, "m2", "d"));
    assertThat(requests).containsExactly("m d", "m2 d");
  }

  @Test
  void aFailureIsTheLastFrameOfItsStream() throws Exception {
    setUp();
    connection.receive(requestStream(1, 1, "m", "d"));
    streams.get(0).fail("[PSYNC_S2001] no");
    streams.get(0).complete();
    assertThat(sent).containsExactly("ERROR 1 201 [PSYNC_S2001] no");
    assertThat(transportClosed).isFalse();
  }

  @Test
  void severalStreamsUpToTheLimit() {
    connection = connection(limits(1000, 2, 1000));
    setUp();
    connection.receive(requestStream(1, 1, "m", "1"));
    connection.receive(requestStream(3, 1, "m", "3"));
    connection.receive(requestStream(5, 1, "m", "5"));
    connection.receive(requestStream(3, 1, "again", "3"));
    assertThat(requests).containsExactly("m 1", "m 3");
    assertThat(sent).containsExactly("ERROR 5 202 Too many streams on one connection");
  }

  @Test
  void keepalivesAreAnsweredWithTheirData() {
    setUp();
    connection.receive(keepAlive(true, "abc"));
    connection.receive(keepAlive(false, "abc"));
    assertThat(sent).containsExactly("KEEPALIVE 0 0 abc");
  }

  @Test
  void aKeepaliveIsAnsweredBehindTheFrameThatIsBeingSent() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> slow = new CopyOnWriteArrayList<>();
    connection =
        new RSocketConnection(
            new FrameTransport() {
              @Override
              public void send(ByteBuffer frame) {
                slow.add(ClientFrames.describe(frame));
                if (slow.size() == 1) {
                  blocked.countDown();
                  await(release);
                }
              }

              @Override
              public void allow(int bytes) {
                // Whatever it is.
              }

              @Override
              public void close() {
                throw new AssertionError("closed");
              }
            },
            this::accept,
            USUAL);
    setUp();
    connection.receive(requestStream(1, 1, "m", "d"));
    Thread sender =
        new Thread(() -> assertThat(failure(() -> streams.get(0).send(item("a"), Duration.ZERO))));
    sender.start();
    await(blocked);
    connection.receive(keepAlive(true, "1"));
    connection.receive(keepAlive(true, "2"));
    release.countDown();
    sender.join();
    assertThat(slow).containsExactly("NEXT 1 a", "KEEPALIVE 0 0 2");
  }

  @Test
  void requestsInFragmentsArePutTogether() throws Exception {
    setUp();
    connection.receive(frame(1, 0x06, METADATA | FOLLOWS, ints(1), withLength(bytes("{\"pa"))));
    connection.receive(requestN(1, 2));
    connection.receive(
        frame(1, 0x0a, METADATA | FOLLOWS, withLength(bytes("th\"}")), bytes("{\"")));
    connection.receive(frame(1, 0x0a, FOLLOWS, bytes("a\":")));
    assertThat(requests).isEmpty();
    connection.receive(frame(1, 0x0a, 0x20, bytes("1}")));
    assertThat(requests).containsExactly("{\"path\"} {\"a\":1}");
    for (int i = 0; i < 3; i++) {
      assertThat(streams.get(0).send(item("x"), Duration.ZERO)).isTrue();
    }
    assertThat(streams.get(0).send(item("x"), Duration.ZERO)).isFalse();
  }

  @Test
  void requestsThatGrowBeyondTheLimitEndTheConnection() {
    connection = connection(limits(100, 2, 1000));
    setUp();
    connection.receive(frame(1, 0x06, FOLLOWS, ints(1), new byte[60]));
    connection.receive(frame(3, 0x06, FOLLOWS, ints(1), new byte[30]));
    assertThat(transportClosed).isFalse();
    connection.receive(frame(3, 0x0a, FOLLOWS, new byte[11]));
    assertThat(sent).containsExactly("ERROR 0 101 The request is too large");
    assertThat(transportClosed).isTrue();
  }

  @Test
  void otherInteractionsAreRefusedAndFireAndForgetIsIgnored() {
    setUp();
    connection.receive(frame(1, 0x04, 0, bytes("x")));
    connection.receive(frame(3, 0x07, 0, ints(1)));
    connection.receive(frame(5, 0x05, 0, bytes("x")));
    connection.receive(frame(0, 0x3f, 0x200, bytes("x")));
    connection.receive(frame(7, 0x0a, 0x20, bytes("late")));
    assertThat(sent)
        .containsExactly(
            "ERROR 1 202 Only the request-stream interaction is offered",
            "ERROR 3 202 Only the request-stream interaction is offered");
    assertThat(transportClosed).isFalse();
  }

  @Test
  void setupComesFirst() {
    connection.receive(requestStream(1, 1, "m", "d"));
    assertThat(sent).containsExactly("ERROR 0 2 The first frame must be SETUP");
    assertThat(transportClosed).isTrue();
    connection.receive(setup(JSON, "{}"));
    assertThat(requests).isEmpty();
  }

  @Test
  void resumptionAndLeasesAreRefused() {
    connection.receive(setup(METADATA | RESUME, 1, JSON, "{}"));
    connection(USUAL);
    transportClosed = false;
    connection = connection(USUAL);
    connection.receive(setup(METADATA | LEASE, 1, JSON, "{}"));
    transportClosed = false;
    connection = connection(USUAL);
    connection.receive(frame(0, 0x0d, 0, bytes("x")));
    assertThat(sent)
        .containsExactly(
            "ERROR 0 3 Neither resumption nor leases are offered",
            "ERROR 0 3 Neither resumption nor leases are offered",
            "ERROR 0 4 Resumption is not offered");
    assertThat(requests).isEmpty();
  }

  @Test
  void aRefusedClientIsToldAndTheConnectionClosed() {
    refusal = new RSocketFailure(ErrorKind.REJECTED_SETUP, "[PSYNC_S2106] no token");
    connection.receive(setup(JSON, "{}"));
    assertThat(sent).containsExactly("ERROR 0 3 [PSYNC_S2106] no token");
    assertThat(transportClosed).isTrue();
  }

  private void setUpUndecided() {
    decision = new CompletableFuture<>();
    setUp();
  }

  @Test
  void framesBehindAnUndecidedSetupAreHandledInOrderOnceItIsAccepted() throws Exception {
    setUpUndecided();
    connection.receive(requestStream(1, 1, "m", "1"));
    connection.receive(requestStream(3, 1, "m", "3"));
    connection.receive(requestN(3, 1));
    connection.receive(cancel(1));
    connection.receive(keepAlive(true, "k"));
    assertThat(requests).isEmpty();
    assertThat(sent).isEmpty();
    assertThat(allowed).isEqualTo(USUAL.heldBytes());

    decision.complete(responder());
    connection.receive(requestStream(5, 1, "m", "5"));
    assertThat(requests).containsExactly("m 1", "m 3", "m 5");
    assertThat(sent).containsExactly("KEEPALIVE 0 0 k");
    assertThat(streams.get(0).cancelled()).isTrue();
    assertThat(streams.get(1).send(item("a"), Duration.ZERO)).isTrue();
    assertThat(streams.get(1).send(item("b"), Duration.ZERO)).isTrue();
    assertThat(streams.get(1).send(item("c"), Duration.ZERO)).isFalse();
    assertThat(allowed).isEqualTo(USUAL.requestBytes());
  }

  @Test
  void framesBehindARefusedSetupAreForgotten() {
    setUpUndecided();
    connection.receive(requestStream(1, 1, "m", "d"));
    decision.completeExceptionally(
        new RSocketFailure(ErrorKind.REJECTED_SETUP, "[PSYNC_S2204] no keys"));
    connection.receive(requestStream(3, 1, "m", "d"));
    assertThat(requests).isEmpty();
    assertThat(sent).containsExactly("ERROR 0 3 [PSYNC_S2204] no keys");
    assertThat(transportClosed).isTrue();
  }

  @Test
  void aDecisionThatFailsUnexpectedlyTellsNothing() {
    setUpUndecided();
    decision.completeExceptionally(new IllegalStateException("secret"));
    assertThat(sent).containsExactly("ERROR 0 3 Something went wrong");
    assertThat(transportClosed).isTrue();
  }

  @Test
  void tooMuchBehindAnUndecidedSetupEndsTheConnection() {
    connection = connection(limits(10_000, 3, 1000));
    setUpUndecided();
    connection.receive(frame(1, 0x06, 0, ints(1), new byte[800]));
    assertThat(transportClosed).isFalse();
    connection.receive(frame(3, 0x06, 0, ints(1), new byte[100]));
    assertThat(sent).containsExactly("ERROR 0 101 Too much was sent before SETUP was answered");
    assertThat(transportClosed).isTrue();

    // Small frames count for more than their bytes.
    sent.clear();
    transportClosed = false;
    connection = connection(limits(10_000, 3, 1000));
    setUpUndecided();
    for (int i = 0; i < 1000 && !transportClosed; i++) {
      connection.receive(keepAlive(false, ""));
      assertThat(i).isLessThan(20);
    }
    assertThat(transportClosed).isTrue();
  }

  @Test
  void aClientThatLeavesBeforeTheDecisionIsForgotten() {
    setUpUndecided();
    connection.receive(requestStream(1, 1, "m", "d"));
    connection.close();
    decision.complete(responder());
    assertThat(requests).isEmpty();
    assertThat(sent).isEmpty();
  }

  @Test
  void framesComeInOrderWhileTheDecisionArrives() throws Exception {
    for (int round = 0; round < 200; round++) {
      requests.clear();
      connection = connection(limits(1000, 1000, 1 << 20));
      setUpUndecided();
      CompletableFuture<Responder> undecided = decision;
      Thread decider = new Thread(() -> undecided.complete(responder()));
      decider.start();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        expected.add("m " + i);
        connection.receive(requestStream(2 * i + 1, 1, "m", "" + i));
      }
      decider.join();
      assertThat(requests).isEqualTo(expected);
    }
  }

  @Test
  void closingCancelsEverything() {
    setUp();
    connection.receive(requestStream(1, 1, "m", "d"));
    connection.close();
    assertThat(streams.get(0).cancelled()).isTrue();
  }

  @Test
  void silenceBeyondTheLifetimeClosesTheConnection() throws Exception {
    connection.receive(setup(METADATA, 1, JSON, "{}"));
    while (!transportClosed) {
      connection.closeIfSilent();
      Thread.onSpinWait();
    }
    connection = connection(USUAL);
    transportClosed = false;
    setUpAgain();
    connection.closeIfSilent();
    assertThat(transportClosed).isFalse();
  }

  @Test
  void aClientThatSendsNoSetupIsNotKept() throws Exception {
    connection = connection(new RSocketLimits(1000, 2, 1000, Duration.ZERO));
    while (!connection.closeIfSilent()) {
      Thread.onSpinWait();
    }
    assertThat(transportClosed).isTrue();
    assertThat(connection.closeIfSilent()).isFalse();
    connection.receive(setup(JSON, "{}"));
    assertThat(requests).isEmpty();
    assertThat(sent).isEmpty();
  }

  @Test
  void aSetupWithoutDecisionIsNotKeptForEverEither() {
    connection = connection(new RSocketLimits(1000, 2, 1000, Duration.ofMillis(1)));
    setUpUndecided();
    while (!connection.closeIfSilent()) {
      Thread.onSpinWait();
    }
    decision.complete(responder());
    connection.receive(requestStream(1, 1, "m", "d"));
    assertThat(requests).isEmpty();
  }

  @Test
  void clientsHaveTenSecondsForTheirSetup() {
    assertThat(USUAL.setupPatience()).isEqualTo(Duration.ofSeconds(10));
    connection.closeIfSilent();
    assertThat(transportClosed).isFalse();
    setUp();
  }

  private void setUpAgain() {
    requests.clear();
    setUp();
  }

  @Test
  void whateverComesTheConnectionEitherGoesOnOrSaysWhyItEnds() {
    Random random = new Random(11);
    List<ByteBuffer> good =
        List.of(
            setup(JSON, "{\"token\":\"t\"}"),
            setup(METADATA | RESUME, 10, "application/bson", "{}"),
            requestStream(1, 10, "{\"path\":\"/sync/stream\"}", "{\"buckets\":[]}"),
            frame(3, 0x06, METADATA | FOLLOWS, ints(1), withLength(bytes("{\"pa"))),
            frame(3, 0x0a, 0, bytes("th\"}")),
            requestN(1, 5),
            cancel(1),
            keepAlive(true, "x"),
            frame(1, 0x0b, 0, ints(0x201), bytes("oops")));
    int ended = 0;
    int alive = 0;
    for (int i = 0; i < 20_000; i++) {
      sent.clear();
      transportClosed = false;
      connection = connection(limits(10_000, 3, 1000));
      if (random.nextInt(4) > 0) {
        connection.receive(setup(JSON, "{}"));
      }
      int frames = 1 + random.nextInt(5);
      for (int f = 0; f < frames && !transportClosed; f++) {
        connection.receive(damaged(good.get(random.nextInt(good.size())), random));
      }
      if (transportClosed) {
        ended++;
        assertThat(sent.get(sent.size() - 1)).startsWith("ERROR 0 ");
      } else {
        alive++;
      }
    }
    assertThat(ended).isGreaterThan(1000);
    assertThat(alive).isGreaterThan(1000);
  }

  private static ByteBuffer damaged(ByteBuffer frame, Random random) {
    byte[] bytes = frame.duplicate().array().clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
      case 1 -> {
        for (int c = 0; c < 3; c++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> random.nextBytes(bytes);
      default -> {
        // As it is.
      }
    }
    return ByteBuffer.wrap(bytes);
  }

  private interface Action {
    void run() throws Exception;
  }

  private static Exception failure(Action action) {
    try {
      action.run();
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyCutOfAFrameIsHandled() {
    List<ByteBuffer> frames = new ArrayList<>();
    frames.add(setup(JSON, "{\"token\":\"t\"}"));
    for (ByteBuffer frame : frames) {
      byte[] bytes = frame.array();
      for (int length = 0; length < bytes.length; length++) {
        sent.clear();
        transportClosed = false;
        connection = connection(USUAL);
        connection.receive(ByteBuffer.wrap(bytes, 0, length));
        assertThat(transportClosed).isTrue();
        assertThat(sent).hasSize(1).first().asString().startsWith("ERROR 0 1 ");
      }
    }
  }
}
