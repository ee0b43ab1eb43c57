package org.powersync.jakarta.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.config.SyncConfigSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.replication.ReplicationStatus;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.Replicator;
import org.powersync.jakarta.replication.ReplicatorOptions;
import org.powersync.jakarta.replication.postgres.server.SourceOptions;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.telemetry.Counters;

/** From a source table to the tables of bucket storage, with everything between them. */
abstract class ReplicatorCases {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final String CONFIG =
      """
      bucket_definitions:
        global:
          data:
            - SELECT id, name FROM lists
      """;

  private final Database source = TestPostgres.shared().createDatabase("engine_source");
  private final StorageHarness storage = new StorageHarness();
  private Replicator replicator;

  @BeforeEach
  void prepare() {
    source.execute(
        "CREATE PUBLICATION powersync FOR ALL TABLES",
        "CREATE TABLE lists (id text PRIMARY KEY, name text)",
        "INSERT INTO lists SELECT 'l' || i, 'n' || i FROM generate_series(1, 500) i");
  }

  @AfterEach
  void end() {
    replicator.close();
    source.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database ="
            + " current_database() AND NOT active");
    storage.close();
  }

  private Replicator replicator(String config) {
    return replicator(() -> Optional.ofNullable(config));
  }

  private Replicator replicator(Supplier<Optional<String>> config) {
    PostgresSource postgres =
        new PostgresSource(
            SourceHarness.connections(source),
            storage.provider()::systemIdentifier,
            Thread::new,
            SourceOptions.DEFAULT);
    Replicator started =
        new Replicator(
            storage.provider(),
            postgres,
            new ReplicatorOptions(config, true, "public", Duration.ofSeconds(5)),
            new Counters(),
            Thread::new,
            Clock.systemUTC());
    started.start();
    return started;
  }

  private static String query(Database database, String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a client would hold: for each row the last operation, unless it removes. */
  private void awaitBucketEqualsSource(int stream) {
    String expected =
        query(
            source,
            "SELECT count(*) || ' ' || md5(string_agg(id || name, ',' ORDER BY id COLLATE \"C\"))"
                + " FROM lists");
    String sql =
        """
        SELECT count(*) || ' ' || md5(string_agg(row_id || (data::jsonb ->> 'name'), ',' ORDER BY row_id COLLATE "C"))
        FROM (SELECT DISTINCT ON (row_id) row_id, op, data FROM powersync.bucket_data d
              JOIN powersync.sync_rules s ON s.id = d.group_id
              WHERE group_id = %d AND op_id <= s.last_checkpoint
              ORDER BY row_id, op_id DESC) o
        WHERE op = 'PUT'\
        """
            .formatted(stream);
    Await.until(
        "bucket equals source; " + replicator.status(),
        DEADLINE,
        () -> expected.equals(query(storage.database, sql)));
  }

  private void awaitState(int stream, StreamState state) {
    Await.until(
        "stream " + stream + " is " + state,
        DEADLINE,
        () ->
            state
                .name()
                .equals(
                    query(
                        storage.database,
                        "SELECT state FROM powersync.sync_rules WHERE id = " + stream)));
  }

  private ReplicationStatus.Stream stream(int id) {
    return replicator.status().streams().stream()
        .filter(stream -> stream.id() == id)
        .findFirst()
        .orElseThrow();
  }

  private String slot(int stream) {
    return query(
        storage.database, "SELECT slot_name FROM powersync.sync_rules WHERE id = " + stream);
  }

  private static String slots(Database database) {
    return query(
        database,
        "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots WHERE"
            + " database = current_database()");
  }

  @Test
  void replicatesAConfiguredSyncConfig() {
    replicator = replicator(CONFIG);
    awaitState(1, StreamState.ACTIVE);
    awaitBucketEqualsSource(1);
    source.execute(
        "UPDATE lists SET name = 'changed' WHERE id < 'l2'",
        "UPDATE lists SET id = 'moved' WHERE id = 'l3'",
        "DELETE FROM lists WHERE id LIKE 'l4%'",
        "INSERT INTO lists VALUES ('new', 'x')");
    awaitBucketEqualsSource(1);
    ReplicationStatus.Stream stream = stream(1);
    assertThat(stream.phase()).isEqualTo(Phase.STREAMING);
    assertThat(stream.confirmed()).isPresent();
    assertThat(stream.tables()).singleElement().satisfies(t -> assertThat(t.done()).isTrue());
    assertThat(stream.lastFailure()).isEmpty();
    source.execute("TRUNCATE lists", "INSERT INTO lists VALUES ('only', 'y')");
    awaitBucketEqualsSource(1);
  }

  /** LIF-17: the new config takes over, the old slot and data go away. */
  @Tag("LIF-17")
  @Test
  void replacesAStreamAndCleansUp() {
    storage.provider().deploy(Deployment.of(CONFIG));
    replicator = replicator((String) null);
    awaitState(1, StreamState.ACTIVE);
    storage
        .provider()
        .deploy(Deployment.of(CONFIG + "      - SELECT id, name || '!' AS name FROM lists\n"));
    awaitState(2, StreamState.ACTIVE);
    awaitState(1, StreamState.TERMINATED);
    assertThat(slots(source)).isEqualTo(slot(2));
    assertThat(
            query(
                storage.database, "SELECT count(*) FROM powersync.bucket_data WHERE group_id = 1"))
        .isEqualTo("0");
  }

  /** LIF-03. */
  @Tag("LIF-03")
  @Test
  void replicatesAnewWhenTheSlotIsGone() {
    replicator = replicator(CONFIG);
    awaitState(1, StreamState.ACTIVE);
    replicator.close();
    source.execute("SELECT pg_drop_replication_slot('" + slot(1) + "')");
    replicator = replicator(CONFIG);
    awaitState(2, StreamState.ACTIVE);
    awaitBucketEqualsSource(2);
    assertThat(slots(source)).isEqualTo(slot(2));
  }

  /** LIF-12. */
  @Tag("LIF-12")
  @Test
  void takesOverFromAnotherProcess() {
    Replicator first = replicator(CONFIG);
    awaitState(1, StreamState.ACTIVE);
    replicator = replicator(CONFIG);
    Await.until(
        "standing by",
        DEADLINE,
        () ->
            !replicator.status().streams().isEmpty()
                && stream(1).phase() == Phase.WAITING_FOR_LOCK);
    first.close();
    source.execute("INSERT INTO lists VALUES ('new', 'x')");
    awaitBucketEqualsSource(1);
    assertThat(stream(1).phase()).isEqualTo(Phase.STREAMING);
  }

  /** LIF-18. */
  @Tag("LIF-18")
  @Test
  void leavesAConfigAloneThatItWasNotGiven() {
    replicator = replicator(CONFIG);
    awaitState(1, StreamState.ACTIVE);
    storage.provider().deploy(Deployment.of(CONFIG + "# another\n"));
    source.execute("INSERT INTO lists VALUES ('new', 'x')");
    awaitBucketEqualsSource(1);
    Await.until("a heartbeat passed", DEADLINE, () -> stream(1).lagSeconds().isPresent());
    assertThat(replicator.status().streams()).hasSize(1);
  }

  @Test
  void saysWhyAnInvalidConfigIsNotDeployed() {
    replicator = replicator("bucket_definitions: 5");
    Await.until("reported", DEADLINE, () -> replicator.status().problem().isPresent());
    assertThat(replicator.status().problem().get().code()).contains("PSYNC_R0001");
    assertThat(storage.provider().replicating()).isEmpty();
  }

  /** A file that is missing at first, and wrong at second, is picked up once it is right. */
  @Test
  void deploysTheConfigAsSoonAsItIsMended() throws IOException {
    Path file = Files.createTempFile("sync-config", ".yaml");
    Files.delete(file);
    replicator = replicator(new SyncConfigSource.File(file)::read);
    Await.until("missing", DEADLINE, () -> replicator.status().problem().isPresent());
    assertThat(replicator.status().problem().get().message())
        .contains("PSYNC_S2001", file.toString());
    Files.writeString(file, "bucket_definitions: 5");
    Await.until(
        "wrong",
        DEADLINE,
        () -> replicator.status().problem().get().message().contains("PSYNC_R0001"));
    Files.writeString(file, CONFIG);
    awaitState(1, StreamState.ACTIVE);
    assertThat(replicator.status().problem()).isEmpty();
    Files.delete(file);
  }

  /** CHK-02, 5.4: the marker makes a checkpoint at or behind the head, at once. */
  @Tag("CHK-02")
  @Test
  void markersAdvanceAnIdleSource() {
    replicator = replicator(CONFIG);
    awaitState(1, StreamState.ACTIVE);
    try (PostgresSourcePositions positions =
        new PostgresSourcePositions(SourceHarness.connections(source))) {
      Lsn head = positions.head();
      positions.advance();
      Await.until(
          "checkpoint behind " + head,
          Duration.ofSeconds(3),
          () ->
              storage
                  .provider()
                  .status(storage.provider().active().orElseThrow().id())
                  .flatMap(status -> status.lastCheckpointLsn())
                  .filter(lsn -> lsn.compareTo(head) >= 0)
                  .isPresent());
    }
  }
}
