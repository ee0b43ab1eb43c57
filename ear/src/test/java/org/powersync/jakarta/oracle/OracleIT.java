package org.powersync.jakarta.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.powersync.jakarta.fixture.Await;

/**
 * The promise of the whole: whatever the sync config, the history of the source and the faults, a
 * client that has completed a checkpoint holds exactly the rows of one source transaction, and
 * never goes back to an earlier one. {@code -Doracle.seeds=7,8} runs other seeds than the usual
 * one, {@code -Doracle.seconds} says how long each writes.
 */
class OracleIT {
  private static final Duration RESUMED = Duration.ofSeconds(100);
  private static final int SECONDS = Integer.getInteger("oracle.seconds", 15);

  static LongStream seeds() {
    String chosen = System.getProperty("oracle.seeds", "1");
    return LongStream.of(Arrays.stream(chosen.split(",")).mapToLong(Long::parseLong).toArray());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void clientsHoldWhatTheSourceSaysAtEveryCheckpoint(long seed) throws Exception {
    Random random = new Random(seed);
    int edition = 1 + (int) (seed % 3);
    List<GeneratedConfig> configs =
        List.of(
            new Grammar(random, edition).config("a"),
            new Grammar(random, 1 + random.nextInt(3)).config("b"));
    try (Installation installation = new Installation()) {
      SourceHistory history = new SourceHistory(installation.source, configs, random);
      try (Connection connection = installation.source.connect()) {
        for (int i = 0; i < 40; i++) {
          history.change(connection);
        }
      }
      installation.server.start();
      installation.deploy(configs.get(0));
      Evidence evidence = new Evidence(seed);
      try {
        run(installation, history, configs, new Random(seed), seed % 3 == 0, evidence);
      } catch (AssertionError e) {
        evidence.source(configs, history);
        installation.leave(evidence);
        throw new AssertionError(e.getMessage() + "\nEvidence: " + evidence.folder(), e);
      }
    }
  }

  private static void run(
      Installation installation,
      SourceHistory history,
      List<GeneratedConfig> configs,
      Random random,
      boolean killed,
      Evidence evidence)
      throws Exception {
    List<RoamingClient> clients = clients(installation, history, configs, random);
    try {
      run(installation, history, configs, clients, random, killed);
    } catch (AssertionError e) {
      evidence.clients(clients);
      throw e;
    }
  }

  private static void run(
      Installation installation,
      SourceHistory history,
      List<GeneratedConfig> configs,
      List<RoamingClient> clients,
      Random random,
      boolean killed)
      throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (RoamingClient client : clients) {
      threads.add(thread(client));
    }
    AtomicBoolean ended = new AtomicBoolean();
    AtomicReference<Throwable> writing = new AtomicReference<>();
    Thread writer = thread(() -> write(installation, history, ended, writing));
    try {
      awaitProgress(clients, history, writing);
      List<Fault> faults = Fault.shuffled(random, killed);
      for (Fault fault : faults) {
        Await.pause(Duration.ofSeconds(SECONDS).dividedBy(faults.size()));
        fault.befall(installation, configs);
        awaitProgress(clients, history, writing);
      }
    } finally {
      ended.set(true);
      writer.join();
    }
    awaitProgress(clients, history, writing);
    clients.forEach(RoamingClient::end);
    for (Thread thread : threads) {
      thread.join();
    }
    failIfBroken(clients, writing);
    assertThat(clients).allMatch(client -> client.completed() > 3);
  }

  private static List<RoamingClient> clients(
      Installation installation,
      SourceHistory history,
      List<GeneratedConfig> configs,
      Random random) {
    List<RoamingClient> clients = new ArrayList<>();
    for (User user : User.ALL) {
      for (boolean steady : new boolean[] {true, false}) {
        clients.add(
            new RoamingClient(
                installation.server.uri(),
                user,
                configs,
                history,
                new Random(random.nextLong()),
                steady));
      }
    }
    return clients;
  }

  private static void write(
      Installation installation,
      SourceHistory history,
      AtomicBoolean ended,
      AtomicReference<Throwable> failure) {
    try (Connection connection = installation.source.connect()) {
      while (!ended.get()) {
        history.change(connection);
        Await.pause(Duration.ofMillis(15));
      }
    } catch (Exception | AssertionError e) {
      failure.set(e);
    }
  }

  /** Waits until every client has what the source holds now, or one of them holds wrong rows. */
  private static void awaitProgress(
      List<RoamingClient> clients, SourceHistory history, AtomicReference<Throwable> writing) {
    long now = history.last();
    Await.until(
        () ->
            "all clients reach version "
                + now
                + ": "
                + clients.stream().map(RoamingClient::version).toList(),
        RESUMED,
        () ->
            writing.get() != null
                || clients.stream()
                    .allMatch(client -> client.failure().isPresent() || client.version() >= now));
    failIfBroken(clients, writing);
  }

  private static void failIfBroken(
      List<RoamingClient> clients, AtomicReference<Throwable> writing) {
    clients.stream()
        .map(RoamingClient::failure)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            failure -> {
              throw new AssertionError(failure.getMessage(), failure);
            });
    if (writing.get() != null) {
      throw new AssertionError("the source refuses: " + writing.get().getMessage(), writing.get());
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "oracle");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
