package org.powersync.jakarta.storage.postgres.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.Checkpoint;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;

class CheckpointNoticeTest {
  private static final Checkpoint SECOND =
      new Checkpoint(new GroupId(1), new OpId(2), Optional.of(new Lsn("1/\"1\"")));

  @Test
  void whatIsSentIsRead() {
    CheckpointNotice notice =
        new CheckpointNotice(new GroupId(1), OptionalLong.of(2), Optional.of(new Lsn("1/\"1\"")));

    assertThat(notice.payload())
        .isEqualTo(
            "{\"active_checkpoint\":{\"id\":1,\"last_checkpoint\":\"2\","
                + "\"last_checkpoint_lsn\":\"1/\\\"1\\\"\"}}");
    assertThat(CheckpointNotice.read(notice.payload())).contains(SECOND);
  }

  @Test
  void numbersAndFurtherMembersAreRead() {
    assertThat(
            CheckpointNotice.read(
                """
                {"more": [{"active_checkpoint": 1}], "active_checkpoint":
                  {"x": {"id": 7}, "last_checkpoint": 2, "id": 1, "last_checkpoint_lsn": "1/\\"1\\""}}
                """))
        .contains(SECOND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"active_checkpoint\":null}",
        "{\"active_checkpoint\":{\"id\":1,\"last_checkpoint\":null,\"last_checkpoint_lsn\":null}}",
        "{\"active_checkpoint\":{\"id\":1,\"last_checkpoint\":\"2\",\"last_checkpoint_lsn\":null}}",
        "{\"active_checkpoint\":{\"id\":\"1\",\"last_checkpoint\":\"2\",\"last_checkpoint_lsn\":\"1\"}}",
        "{\"active_checkpoint\":{\"id\":1,\"last_checkpoint\":\"two\",\"last_checkpoint_lsn\":\"1\"}}",
        "{\"active_checkpoint\":{\"id\":1,\"last_checkpoint\":{\"a\":1},\"last_checkpoint_lsn\":\"1\"}}",
        "{\"active_checkpoint\":{\"id\":99999999999,\"last_checkpoint\":2,\"last_checkpoint_lsn\":\"1\"}}",
        "{\"active_checkpoint\":{\"id\":1,\"last_checkpoint\":-2,\"last_checkpoint_lsn\":\"1\"}}",
        "{\"active_checkpoint\":{\"id\":1,\"last_checkpoint\":\"2\""
      })
  void otherTextsTellOfNoCheckpoint(String payload) {
    assertThat(CheckpointNotice.read(payload)).isEmpty();
  }
}
