package org.powersync.jakarta.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.CustomWriteCheckpoint;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.WriterOptions;

/** Clients learn when their own uploads came back. */
public interface WriteCheckpointContract extends OpensStorage {
  @Test
  default void aNumberIsInEffectOnceItsPositionIsReached() {
    try (StorageUnderTest storage = open()) {
      WriteCheckpoints checkpoints = storage.provider().writeCheckpoints();
      WriteCheckpoints.Result made =
          checkpoints.create(
              List.of(
                  new WriteCheckpoints.Request("ann", new Lsn("00000005"), OptionalLong.empty())));
      assertThat(made.numbers()).isEqualTo(Map.of("ann", 1L));
      assertThat(made.shouldAdvance()).isTrue();
      List<String> users = List.of("ann", "bob");
      assertThat(checkpoints.effective(users, Optional.of(new Lsn("00000004")))).isEmpty();
      assertThat(checkpoints.effective(users, Optional.of(new Lsn("00000005"))))
          .isEqualTo(Map.of("ann", 1L));
      assertThat(checkpoints.effective(users, Optional.empty())).isEmpty();
    }
  }

  @Test
  default void numbersNeverGoBack() {
    try (StorageUnderTest storage = open()) {
      WriteCheckpoints checkpoints = storage.provider().writeCheckpoints();
      for (long number : new long[] {42, 41}) {
        assertThat(
                checkpoints
                    .create(
                        List.of(
                            new WriteCheckpoints.Request(
                                "ann", new Lsn("00000005"), OptionalLong.of(number))))
                    .numbers())
            .isEqualTo(Map.of("ann", 42L));
      }
    }
  }

  /** A client that supplied it must not be in the way of others, who share its batch. */
  @Test
  default void numbersEndAtTheGreatest() {
    try (StorageUnderTest storage = open()) {
      WriteCheckpoints checkpoints = storage.provider().writeCheckpoints();
      Lsn head = new Lsn("00000005");
      for (OptionalLong number :
          List.of(
              OptionalLong.of(Long.MAX_VALUE - 1), OptionalLong.empty(), OptionalLong.empty())) {
        checkpoints.create(List.of(new WriteCheckpoints.Request("ann", head, number)));
      }
      assertThat(
              checkpoints
                  .create(
                      List.of(
                          new WriteCheckpoints.Request("ann", head, OptionalLong.empty()),
                          new WriteCheckpoints.Request("bob", head, OptionalLong.empty())))
                  .numbers())
          .isEqualTo(Map.of("ann", Long.MAX_VALUE, "bob", 1L));
    }
  }

  @Test
  default void theSourceMaySupplyTheNumbersItself() {
    try (StorageUnderTest storage = open()) {
      BucketStorage todos = storage.serve(StorageUnderTest.TODOS);
      try (BucketWriter writer = todos.writer(WriterOptions.streaming())) {
        writer.save(new CustomWriteCheckpoint("ann", 7, Optional.empty()));
        writer.flush();
      }
      assertThat(todos.customWriteCheckpoints().effective(List.of("ann", "bob"), Optional.empty()))
          .isEqualTo(Map.of("ann", 7L));
      assertThatThrownBy(() -> todos.customWriteCheckpoints().create(List.of()))
          .isInstanceOfSatisfying(
              PowerSyncException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PSYNC_S2001));
    }
  }
}
