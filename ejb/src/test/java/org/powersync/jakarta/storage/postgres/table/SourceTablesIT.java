package org.powersync.jakarta.storage.postgres.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.entity.LocalEntityTransactions;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.syncconfig.TableName;

class SourceTablesIT {
  private static final GroupId STREAM = new GroupId(1);

  private Database database;
  private LocalEntityTransactions transactions;
  private SourceTables tables;
  private SnapshotRecord snapshot;

  @BeforeEach
  void migrate() {
    database = TestPostgres.shared().createDatabase("tables");
    new SchemaMigration(database.dataSource()).migrate();
    database.execute(
        "INSERT INTO powersync.sync_rules (id, state, slot_name, content)"
            + " VALUES (1, 'PROCESSING', 's', 'c')");
    transactions = new LocalEntityTransactions(database.dataSource());
    tables = new SourceTables(STREAM, transactions, () -> new TestConfig(Set.of("lists")));
    snapshot = new SnapshotRecord(new SqlTransactions(database.dataSource()), STREAM);
  }

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void sameTableKeepsItsRecord() {
    SourceTable first = tables.resolve(source("lists", 100)).table();
    var again = tables.resolve(source("lists", 100));

    assertThat(again.table()).isEqualTo(first);
    assertThat(again.outdated()).isEmpty();
    assertThat(first.syncsData()).isTrue();
    assertThat(first.progress()).isEqualTo(SnapshotProgress.NONE);
  }

  @Test
  void renamedOrRecreatedTableReplacesItsRecord() {
    SourceTable first = tables.resolve(source("lists", 100)).table();
    var renamed = tables.resolve(source("notes", 100));
    assertThat(renamed.table().id()).isNotEqualTo(first.id());
    assertThat(renamed.table().syncsData()).isFalse();
    assertThat(renamed.outdated()).extracting(SourceTable::id).containsExactly(first.id());
    assertThat(renamed.outdated().get(0).table().name()).isEqualTo("lists");

    var recreated = tables.resolve(source("notes", 101));
    assertThat(recreated.outdated())
        .extracting(SourceTable::id)
        .containsExactly(renamed.table().id());
  }

  @Test
  void anIdenticalRecordThatIsCopiedWins() {
    SourceTable first = tables.resolve(source("lists", 100)).table();
    database.execute(
        "INSERT INTO powersync.source_tables SELECT 'copy-of-it', group_id, connection_id,"
            + " relation_id, schema_name, table_name, replica_id_columns, true"
            + " FROM powersync.source_tables");
    var resolved = tables.resolve(source("lists", 100));

    assertThat(resolved.table().id()).isEqualTo("copy-of-it");
    assertThat(resolved.table().snapshotComplete()).isTrue();
    assertThat(resolved.outdated()).extracting(SourceTable::id).containsExactly(first.id());
  }

  @Test
  void objectIdsOfAnotherTypeAreOthers() {
    SourceTable first = tables.resolve(source("lists", 100)).table();
    database.execute(
        "UPDATE powersync.source_tables SET relation_id = '{\"object_id\": \"100\"}',"
            + " table_name = 'other'");

    assertThat(tables.resolve(source("lists", 100)).outdated()).isEmpty();
    assertThat(tables.all()).hasSize(2).extracting(SourceTable::id).contains(first.id());
  }

  @Test
  void simultaneousCallsCreateOneRecord() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<String>> ids =
          threads.invokeAll(
              IntStream.range(0, 8)
                  .<java.util.concurrent.Callable<String>>mapToObj(
                      i -> () -> tables.resolve(source("lists", 100)).table().id())
                  .toList());
      Set<String> different = new HashSet<>();
      for (Future<String> id : ids) {
        different.add(id.get());
      }
      assertThat(different).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void progressIsStoredUntilTheCopyIsDone() {
    SourceTable table = tables.resolve(source("lists", 100)).table();
    SnapshotProgress progress =
        new SnapshotProgress(5_000_000_000L, 10, Optional.of(new byte[] {1, 2}));
    assertThat(snapshot.updateProgress(table, progress).progress()).isEqualTo(progress);
    SnapshotProgress stored = tables.all().get(0).progress();
    assertThat(stored.estimatedRows()).isEqualTo(Integer.MAX_VALUE);
    assertThat(stored.lastKey().get()).containsExactly(1, 2);

    assertThat(
            snapshot
                .markTablesDone(List.of(table), Optional.of(new Lsn("0/7")), connection -> {})
                .get(0))
        .returns(true, SourceTable::snapshotComplete)
        .returns(SnapshotProgress.NONE, SourceTable::progress);
    assertThat(tables.all().get(0).snapshotComplete()).isTrue();
    assertThat(stream("no_checkpoint_before")).isEqualTo("0/7");
  }

  @Test
  void barriersOnlyRise() {
    snapshot.markAllDone(new Lsn("0/A"));
    snapshot.markAllDone(new Lsn("0/9"));
    assertThat(stream("no_checkpoint_before")).isEqualTo("0/A");
    snapshot.markAllDone(new Lsn("0/a"));
    assertThat(stream("no_checkpoint_before")).isEqualTo("0/a");
    assertThat(stream("snapshot_done")).isEqualTo("t");
    snapshot.markStreamNotDone();
    assertThat(stream("snapshot_done")).isEqualTo("f");
  }

  @Test
  void unfinishedTablesAreNamed() {
    SourceTable table = tables.resolve(source("lists", 100)).table();
    assertThatThrownBy(() -> snapshot.markStreamDone(new Lsn("0/1")))
        .hasMessageContaining("PSYNC_S1101")
        .hasMessageContaining("public.lists");
    assertThat(stream("snapshot_done")).isEqualTo("f");
    snapshot.markTablesDone(List.of(table), Optional.empty(), connection -> {});
    snapshot.markStreamDone(new Lsn("0/1"));
    assertThat(stream("snapshot_done")).isEqualTo("t");
  }

  @Test
  void forgottenTablesAreGone() {
    SourceTable table = tables.resolve(source("lists", 100)).table();
    snapshot.forget(List.of(table), connection -> {});
    assertThat(tables.all()).isEmpty();
  }

  @Test
  void aStreamWithoutRowIsReported() {
    SnapshotRecord missing =
        new SnapshotRecord(new SqlTransactions(database.dataSource()), new GroupId(99));
    assertThatThrownBy(() -> missing.setResumeLsn(new Lsn("0/1")))
        .hasMessageContaining("PSYNC_S1101");
  }

  private static SourceDescriptor source(String name, long objectId) {
    return new SourceDescriptor(
        1,
        TableName.of("public", name),
        OptionalLong.of(objectId),
        List.of(new IdentityColumn("id", Optional.of("VARCHAR"), OptionalInt.of(25))),
        false);
  }

  private String stream(String column) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT " + column + " FROM powersync.sync_rules WHERE id = 1")) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
