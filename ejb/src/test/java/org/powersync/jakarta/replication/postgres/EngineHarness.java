package org.powersync.jakarta.replication.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.replication.ReplicationStatus;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.Replicator;
import org.powersync.jakarta.replication.ReplicatorOptions;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;
import org.powersync.jakarta.replication.postgres.server.SourceOptions;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.telemetry.Counters;

/** A source database, bucket storage as it is, and the replicator between them. */
final class EngineHarness implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(60);
  static final Duration HEARTBEAT = Duration.ofSeconds(5);

  final Database source;
  StorageHarness storage;
  final Counters counters = new Counters();
  SourceOptions options = SourceOptions.DEFAULT.withChunkRows(100);
  int port;
  private String config;
  private Replicator replicator;

  EngineHarness(String name) {
    this(TestPostgres.shared().createDatabase(name), new StorageHarness());
  }

  EngineHarness(Database source, StorageHarness storage) {
    this(source, storage, source.port());
    source.execute("CREATE PUBLICATION powersync FOR ALL TABLES");
  }

  private EngineHarness(Database source, StorageHarness storage, int port) {
    this.source = source;
    this.storage = storage;
    this.port = port;
  }

  /** On a source that is prepared already. */
  static EngineHarness attached(Database source, StorageHarness storage) {
    return new EngineHarness(source, storage, source.port());
  }

  /** One global bucket of these queries. */
  EngineHarness config(String... queries) {
    return config(2, queries);
  }

  EngineHarness config(int edition, String... queries) {
    StringBuilder yaml = new StringBuilder();
    if (edition > 1) {
      yaml.append("config:\n  edition: ").append(edition).append('\n');
    }
    yaml.append("bucket_definitions:\n  global:\n    data:\n");
    for (String query : queries) {
      yaml.append("      - '").append(query.replace("'", "''")).append("'\n");
    }
    config = yaml.toString();
    return this;
  }

  String configText() {
    return config;
  }

  SourceConnections connections() {
    return SourceHarness.connections(source, port, "postgres");
  }

  EngineHarness start() {
    return start(Optional.ofNullable(config));
  }

  /** Without a config of its own: on all streams. */
  EngineHarness start(Optional<String> text) {
    replicator =
        new Replicator(
            storage.provider(),
            new PostgresSource(
                connections(), storage.provider()::systemIdentifier, Thread::new, options),
            new ReplicatorOptions(() -> text, true, "public", HEARTBEAT),
            counters,
            Thread::new,
            Clock.systemUTC());
    replicator.start();
    return this;
  }

  void stop() {
    if (replicator != null) {
      replicator.close();
      replicator = null;
    }
  }

  ReplicationStatus status() {
    return replicator.status();
  }

  ReplicationStatus.Stream stream(int id) {
    return replicator.status().streams().stream()
        .filter(stream -> stream.id() == id)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no stream " + id + " in " + replicator.status()));
  }

  void execute(String... statements) {
    source.execute(statements);
  }

  static String query(Database database, String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String stored(String sql) {
    return query(storage.database, sql);
  }

  String sourced(String sql) {
    return query(source, sql);
  }

  String slot(int stream) {
    return stored("SELECT slot_name FROM powersync.sync_rules WHERE id = " + stream);
  }

  EngineHarness awaitState(int stream, StreamState state) {
    Await.until(
        () -> "stream " + stream + " is " + state + "; " + status(),
        DEADLINE,
        () ->
            state
                .name()
                .equals(stored("SELECT state FROM powersync.sync_rules WHERE id = " + stream)));
    return this;
  }

  void awaitStreaming(int stream) {
    Await.until(
        () -> "stream " + stream + " follows; " + status(),
        DEADLINE,
        () ->
            status().streams().stream()
                .anyMatch(s -> s.id() == stream && s.phase() == Phase.STREAMING));
  }

  /** Waits until a checkpoint covers everything the source has committed until now. */
  void awaitCaughtUp(int stream) {
    String head =
        sourced(
            "SELECT lpad(split_part(l, '/', 1), 8, '0') || '/' ||"
                + " lpad(split_part(l, '/', 2), 8, '0') FROM (SELECT"
                + " pg_current_wal_insert_lsn()::text AS l) p");
    execute("SELECT pg_logical_emit_message(true, 'powersync', 'ping')");
    Await.until(
        () -> "checkpoint of stream " + stream + " at " + head + "; " + status(),
        DEADLINE,
        () ->
            "t"
                .equals(
                    stored(
                        "SELECT last_checkpoint_lsn >= '"
                            + head
                            + "' COLLATE \"C\" FROM powersync.sync_rules WHERE id = "
                            + stream)));
  }

  /** Waits until what clients would hold of a table equals it: every column, as text. */
  void awaitEqual(int stream, String table, String key, String... columns) {
    List<String> expected = new ArrayList<>(List.of(key + "::text"));
    List<String> actual = new ArrayList<>(List.of("row_id"));
    for (String column : columns) {
      expected.add("coalesce(\"" + column + "\"::text, '∅')");
      actual.add("coalesce(data::jsonb ->> '" + column + "', '∅')");
    }
    String wanted =
        "SELECT count(*) || ' ' || coalesce(md5(string_agg(v, chr(10) ORDER BY v COLLATE \"C\")), '')"
            + " FROM (SELECT concat_ws('|', "
            + String.join(", ", expected)
            + ") AS v FROM \""
            + table
            + "\") t";
    String held =
        "SELECT count(*) || ' ' || coalesce(md5(string_agg(v, chr(10) ORDER BY v COLLATE \"C\")), '')"
            + " FROM (SELECT concat_ws('|', "
            + String.join(", ", actual)
            + ") AS v FROM ("
            + HELD.formatted(stream, table)
            + ") o) t";
    Await.until(
        () ->
            "bucket equals "
                + table
                + ": "
                + sourced(wanted)
                + " against "
                + stored(held)
                + "; "
                + status(),
        DEADLINE,
        () -> sourced(wanted).equals(stored(held)));
  }

  private static final String HELD =
      """
      SELECT row_id, data FROM (
        SELECT DISTINCT ON (d.bucket_name, d.source_table, d.source_key, row_id)
               row_id, op, data
        FROM powersync.bucket_data d JOIN powersync.sync_rules s ON s.id = d.group_id
        WHERE group_id = %d AND table_name = '%s' AND op_id <= s.last_checkpoint
        ORDER BY d.bucket_name, d.source_table, d.source_key, row_id, op_id DESC) o
      WHERE op = 'PUT'\
      """;

  /** The operations of a stream in order: {@code PUT id}, {@code REMOVE id}. */
  List<String> operations(int stream) {
    return list(
        "SELECT op || ' ' || row_id FROM powersync.bucket_data WHERE group_id = "
            + stream
            + " ORDER BY op_id");
  }

  /** One column of a query on storage. */
  List<String> list(String sql) {
    try (Connection connection = storage.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(row.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop();
    source.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database ="
            + " current_database() AND NOT active");
    storage.close();
  }
}
