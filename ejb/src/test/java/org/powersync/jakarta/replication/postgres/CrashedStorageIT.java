package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketWriter;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.StorageFailure;
import org.powersync.jakarta.storage.WriterOptions;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Storage crashes and is back before the writer needs it again, without the changes that were only
 * in its memory.
 */
class CrashedStorageIT {
  private static TestPostgres own;
  private static RestartableServer server;

  @BeforeAll
  static void start() throws Exception {
    own = TestPostgres.start();
    server = new RestartableServer(own);
    // What nobody waits for reaches the disk by itself, later than the crash.
    own.createDatabase("settings").execute("ALTER SYSTEM SET wal_writer_delay = '10s'");
    server.restart("fast");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aCheckpointIsNotMadeWithoutChangesThatWereStoredForIt() {
    crashBetween(
        WriterOptions.streaming(),
        (writer, table) -> writer.commit(new Lsn("00000000/00000005"), true));
  }

  @Test
  void aTableIsNotDoneWithoutRowsThatWereCopied() {
    crashBetween(
        WriterOptions.snapshot(),
        (writer, table) -> writer.markTablesDone(List.of(table), Optional.empty()));
  }

  private static void crashBetween(
      WriterOptions options, BiConsumer<BucketWriter, SourceTable> continuation) {
    Database database = own.createDatabase("crashed");
    try (StorageHarness harness = new StorageHarness(database)) {
      BucketStorage storage =
          harness
              .provider()
              .storage(
                  harness
                      .provider()
                      .deploy(
                          Deployment.of(
                              """
                              bucket_definitions:
                                global:
                                  data:
                                    - SELECT id FROM lists
                              """)));
      try (BucketWriter writer = storage.writer(options)) {
        writer.markAllSnapshotDone(new Lsn("00000000/00000001"));
        SourceTable table = writer.resolveTables(lists()).table();
        database.execute("CHECKPOINT");
        writer.save(
            new RowChange.Insert(
                table,
                SourceRow.of(List.of("id"), List.of(SqlValue.of("a"))),
                ReplicaId.of(UUID.randomUUID())));
        assertThat(writer.flush()).isPresent();
        assertThat(database.query("SELECT row_id FROM powersync.bucket_data")).hasSize(1);
        restart();
        harness.forgetConnections();
        assertThat(database.query("SELECT row_id FROM powersync.bucket_data")).isEmpty();
        assertThatThrownBy(() -> continuation.accept(writer, table))
            .isInstanceOf(StorageFailure.class)
            .hasMessageContaining("crashed");
      }
      assertThat(
              database.query(
                  "SELECT 1 FROM powersync.sync_rules WHERE last_checkpoint IS NOT NULL"))
          .isEmpty();
      assertThat(database.query("SELECT 1 FROM powersync.source_tables WHERE snapshot_done"))
          .isEmpty();
    }
  }

  private static SourceDescriptor lists() {
    return new SourceDescriptor(
        1,
        TableName.of("public", "lists"),
        OptionalLong.of(100),
        List.of(new IdentityColumn("id", Optional.empty(), OptionalInt.of(25))),
        false);
  }

  private static void restart() {
    try {
      server.restart("immediate");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
