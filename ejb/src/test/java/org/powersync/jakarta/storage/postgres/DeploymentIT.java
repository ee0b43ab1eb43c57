package org.powersync.jakarta.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider.ConfigureResult;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamState;

class DeploymentIT {
  private final StorageFixture fixture = new StorageFixture("deploy");
  private final PostgresBucketStorageProvider provider = fixture.provider();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aNewStreamIsStoredAndNamed() {
    ReplicationStream stream =
        provider.deploy(
            new Deployment("the text", Optional.of("{\"plan\":  1}"), OptionalInt.empty()));

    assertThat(stream.id()).isEqualTo(new GroupId(1));
    assertThat(stream.name()).matches("test_1_[0-9a-f]{4}");
    assertThat(stream.state()).isEqualTo(StreamState.PROCESSING);
    assertThat(stream.storageVersion()).isEqualTo(2);
    assertThat(provider.deploying()).contains(stream);
    assertThat(provider.active()).isEmpty();
    assertThat(provider.replicating()).containsExactly(stream);
    assertThat(provider.status(stream.id()).get().snapshotDone()).isFalse();
    assertThat(provider.status(new GroupId(2))).isEmpty();
  }

  @Test
  void storageVersionComesFromTheFirstThatNamesOne() {
    assertThat(provider.deploy(Deployment.of("version 1")).storageVersion()).isEqualTo(1);
    assertThat(fixture.rows("SELECT to_regclass('powersync.v3_current_data') AS t"))
        .allMatch(row -> row.get("t").isNull());
    assertThat(
            provider
                .deploy(new Deployment("version 1", Optional.empty(), OptionalInt.of(3)))
                .storageVersion())
        .isEqualTo(3);
    assertThat(fixture.rows("SELECT to_regclass('powersync.v3_current_data') AS t"))
        .noneMatch(row -> row.get("t").isNull());
    assertThatThrownBy(() -> provider.deploy(Deployment.of("version 99")))
        .hasMessageContaining("PSYNC_S1005");
  }

  @Test
  void configureDeploysOnlyWhatIsNew() {
    assertThat(provider.configure(Deployment.of("a")).changed()).isTrue();
    assertThat(provider.configure(Deployment.of("a")).changed()).isFalse();
    activate(1);
    assertThat(provider.configure(Deployment.of("a")).changed()).isFalse();
    assertThat(provider.configure(Deployment.of("b")).changed()).isTrue();
    assertThat(provider.configure(Deployment.of("a")).changed()).isTrue();
    assertThat(provider.stopped()).extracting(ReplicationStream::id).containsExactly(id(2));
  }

  @Test
  void nodesThatStartTogetherDeployANewConfigOnce() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(6);
    try {
      List<Callable<ConfigureResult>> starts =
          IntStream.range(0, 6)
              .<Callable<ConfigureResult>>mapToObj(
                  i -> () -> fixture.provider().configure(Deployment.of("same")))
              .toList();
      int changed = 0;
      for (Future<ConfigureResult> start : nodes.invokeAll(starts)) {
        changed += start.get().changed() ? 1 : 0;
      }
      assertThat(changed).isEqualTo(1);
      assertThat(provider.replicating()).hasSize(1);
    } finally {
      nodes.shutdownNow();
    }
  }

  @Test
  void ofSimultaneousDeploymentsOneStays() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(6);
    try {
      List<Callable<ReplicationStream>> deployments =
          IntStream.range(0, 6)
              .<Callable<ReplicationStream>>mapToObj(
                  i -> () -> fixture.provider().deploy(Deployment.of("config " + i)))
              .toList();
      Set<GroupId> ids = new HashSet<>();
      for (Future<ReplicationStream> deployment : nodes.invokeAll(deployments)) {
        ids.add(deployment.get().id());
      }
      assertThat(ids).hasSize(6);
      assertThat(provider.replicating()).extracting(ReplicationStream::id).containsExactly(id(6));
      assertThat(provider.stopped()).hasSize(5);
    } finally {
      nodes.shutdownNow();
    }
  }

  @Test
  void aStreamThatBecomesActiveDuringADeploymentIsNotStopped() throws Exception {
    provider.deploy(Deployment.of("a"));
    duringActivation(1, () -> provider.deploy(Deployment.of("b")));

    assertThat(provider.active().get())
        .returns(id(1), ReplicationStream::id)
        .returns(StreamState.ACTIVE, ReplicationStream::state);
    assertThat(provider.deploying().get().id()).isEqualTo(id(2));
    assertThat(provider.stopped()).isEmpty();
  }

  @Test
  void aStreamThatIsReplacedDuringItsRestartStaysStopped() throws Exception {
    provider.deploy(Deployment.of("a"));
    activate(1);
    provider.deploy(Deployment.of("b"));
    duringActivation(2, () -> provider.restartReplication(id(1)));

    assertThat(provider.active().get().id()).isEqualTo(id(2));
    assertThat(provider.stopped()).extracting(ReplicationStream::id).containsExactly(id(1));
    assertThat(provider.deploying()).isEmpty();
  }

  /** Does something while a stream is becoming active, and lets that commit once it waits. */
  private void duringActivation(int stream, Runnable action) throws Exception {
    ExecutorService node = Executors.newSingleThreadExecutor();
    try (Connection activating = fixture.database().connect();
        Statement statement = activating.createStatement()) {
      activating.setAutoCommit(false);
      statement.execute("UPDATE powersync.sync_rules SET state = 'ACTIVE' WHERE id = " + stream);
      statement.execute(
          "UPDATE powersync.sync_rules SET state = 'STOP' WHERE state = 'ACTIVE' AND id <> "
              + stream);
      Future<?> done = node.submit(action);
      Await.until(
          "the other waits for the activation",
          Duration.ofSeconds(20),
          () ->
              !fixture
                  .rows(
                      "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                          + " AND wait_event_type = 'Lock'")
                  .isEmpty());
      activating.commit();
      done.get(20, TimeUnit.SECONDS);
    } finally {
      node.shutdownNow();
    }
  }

  @Test
  void restartOfTheDeployingStreamReplacesIt() {
    provider.deploy(new Deployment("a", Optional.of("{}"), OptionalInt.of(3)));
    provider.restartReplication(id(1));

    assertThat(provider.stopped()).extracting(ReplicationStream::id).containsExactly(id(1));
    ReplicationStream again = provider.deploying().get();
    assertThat(again.id()).isEqualTo(id(2));
    assertThat(again.storageVersion()).isEqualTo(3);
    assertThat(again.syncPlan()).contains("{}");
  }

  @Test
  void restartOfTheActiveStreamKeepsItServing() {
    provider.deploy(Deployment.of("a"));
    activate(1);
    provider.restartReplication(id(1));

    assertThat(provider.active().get()).returns(StreamState.ERRORED, ReplicationStream::state);
    assertThat(provider.deploying().get().content()).isEqualTo("a");
    provider.restartReplication(id(1));
    provider.restartReplication(id(77));
    assertThat(provider.replicating()).hasSize(1);
  }

  @Test
  void restartOfTheActiveStreamBesideADeployingOneDeploysNothing() {
    provider.deploy(Deployment.of("a"));
    activate(1);
    provider.deploy(Deployment.of("b"));
    provider.restartReplication(id(1));

    assertThat(provider.active().get()).returns(StreamState.ERRORED, ReplicationStream::state);
    assertThat(provider.deploying().get().id()).isEqualTo(id(2));
  }

  @Test
  void storageStaysTheSameObjectWhileTheConfigDoes() {
    ReplicationStream stream = provider.deploy(Deployment.of("a"));
    BucketStorage storage = provider.storage(stream);
    activate(1);
    ReplicationStream active = provider.active().get();

    assertThat(provider.storage(active)).isSameAs(storage);
    assertThat(storage.stream().state()).isEqualTo(StreamState.ACTIVE);
    assertThat(storage.syncConfig()).isSameAs(storage.syncConfig());
  }

  @Test
  void unknownStorageVersionsAreRefusedOnLoading() {
    ReplicationStream future =
        new ReplicationStream(id(1), "s", StreamState.ACTIVE, 4, "content", Optional.empty());
    assertThatThrownBy(() -> provider.storage(future)).hasMessageContaining("PSYNC_S1005");
  }

  @Test
  void failuresOfReplicationAreStored() {
    BucketStorage storage = provider.storage(provider.deploy(Deployment.of("a")));
    storage.reportError(new IllegalStateException("no slot"));
    assertThat(storage.status().lastFatalError()).contains("no slot");
    storage.reportError(new IllegalStateException());
    assertThat(storage.status().lastFatalError()).contains("Replication failure");
  }

  @Test
  void installationHasOneIdForAll() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try {
      List<Callable<String>> starts =
          IntStream.range(0, 4)
              .<Callable<String>>mapToObj(i -> () -> fixture.provider().instanceId())
              .toList();
      Set<String> ids = new HashSet<>();
      for (Future<String> id : nodes.invokeAll(starts)) {
        ids.add(id.get());
      }
      assertThat(ids).containsExactly(provider.instanceId());
    } finally {
      nodes.shutdownNow();
    }
  }

  @Test
  void sizesAreThoseOfTheTablesOnceSomethingServes() {
    assertThat(provider.metrics().operationBytes()).isZero();
    provider.deploy(Deployment.of("a"));
    activate(1);
    assertThat(provider.metrics().operationBytes()).isPositive();
    assertThat(provider.metrics().replicationBytes()).isPositive();
    assertThat(provider.systemIdentifier().toString())
        .matches("\\d+\\." + fixture.database().name());
  }

  private void activate(int stream) {
    fixture
        .database()
        .execute("UPDATE powersync.sync_rules SET state = 'ACTIVE' WHERE id = " + stream);
  }

  private static GroupId id(int value) {
    return new GroupId(value);
  }
}
