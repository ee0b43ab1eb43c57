package org.powersync.jakarta.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.WriterOptions;

/** Streams come, serve, and are replaced. */
public interface DeploymentContract extends OpensStorage {
  @Test
  default void emptyStorageHasNoStream() {
    try (StorageUnderTest storage = open()) {
      assertThat(storage.provider().active()).isEmpty();
      assertThat(storage.provider().deploying()).isEmpty();
      assertThat(storage.provider().replicating()).isEmpty();
      assertThat(storage.provider().status(new GroupId(1))).isEmpty();
      assertThat(storage.provider().metrics().operationBytes()).isZero();
    }
  }

  @Test
  default void aDeployedStreamServesAfterItsFirstCheckpoint() {
    try (StorageUnderTest storage = open()) {
      BucketStorage deployed = storage.deploy(StorageUnderTest.TODOS);
      assertThat(storage.provider().active()).isEmpty();
      assertThat(storage.provider().deploying().orElseThrow().content())
          .isEqualTo(StorageUnderTest.TODOS);
      storage.write(deployed, "00000001");
      assertThat(storage.provider().active().map(ReplicationStream::id))
          .contains(deployed.stream().id());
      assertThat(deployed.status().state()).isEqualTo(StreamState.ACTIVE);
    }
  }

  @Test
  default void aNewConfigReplacesTheOldOneWhenItIsReady() {
    try (StorageUnderTest storage = open()) {
      BucketStorage first = storage.serve(StorageUnderTest.TODOS);
      BucketStorage second = storage.deploy(StorageUnderTest.LISTS);
      assertThat(storage.provider().active().map(ReplicationStream::id))
          .contains(first.stream().id());
      storage.write(second, "00000002");
      assertThat(storage.provider().active().map(ReplicationStream::id))
          .contains(second.stream().id());
      assertThat(first.status().state()).isEqualTo(StreamState.STOP);
      first.terminate(true, () -> false);
      assertThat(storage.provider().stopped()).isEmpty();
    }
  }

  @Test
  default void aStreamThatIsBehindTheOneThatServesWaits() {
    try (StorageUnderTest storage = open()) {
      BucketStorage first = storage.serve(StorageUnderTest.TODOS, "00000005");
      BucketStorage second = storage.deploy(StorageUnderTest.LISTS);
      try (BucketWriter writer = second.writer(WriterOptions.streaming())) {
        writer.markAllSnapshotDone(new Lsn("00000000"));
        assertThat(writer.commit(new Lsn("00000004"), true).behind()).isTrue();
        assertThat(storage.provider().active().map(ReplicationStream::id))
            .contains(first.stream().id());
        assertThat(writer.commit(new Lsn("00000005"), true).behind()).isFalse();
        assertThat(storage.provider().active().map(ReplicationStream::id))
            .contains(second.stream().id());
      }
    }
  }

  @Test
  default void configuringTheSameTextChangesNothing() {
    try (StorageUnderTest storage = open()) {
      Deployment todos = Deployment.of(StorageUnderTest.TODOS);
      assertThat(storage.provider().configure(todos).changed()).isTrue();
      assertThat(storage.provider().configure(todos).changed()).isFalse();
      assertThat(storage.provider().configure(Deployment.of(StorageUnderTest.LISTS)).changed())
          .isTrue();
    }
  }

  @Test
  default void anUnknownStorageVersionIsRefused() {
    try (StorageUnderTest storage = open()) {
      assertThatThrownBy(
              () ->
                  storage
                      .provider()
                      .deploy(
                          new Deployment(
                              StorageUnderTest.TODOS, Optional.empty(), OptionalInt.of(99))))
          .isInstanceOfSatisfying(
              PowerSyncException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PSYNC_S1005));
    }
  }

  @Test
  default void aStreamIsLockedByOneAtATime() {
    try (StorageUnderTest storage = open()) {
      ReplicationStream stream = storage.deploy(StorageUnderTest.TODOS).stream();
      try (StreamLock lock = storage.provider().lock(stream)) {
        assertThat(lock.held()).isTrue();
        assertThatThrownBy(() -> storage.provider().lock(stream))
            .isInstanceOfSatisfying(
                PowerSyncException.class,
                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PSYNC_S1003));
      }
      storage.provider().lock(stream).close();
    }
  }

  @Test
  default void theInstanceKeepsItsIdentity() {
    try (StorageUnderTest storage = open()) {
      assertThat(storage.provider().instanceId()).isEqualTo(storage.provider().instanceId());
      assertThat(storage.provider().systemIdentifier().toString()).contains(".");
    }
  }
}
