package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.powersync.db.crud.CrudEntry;
import com.powersync.db.schema.Column;
import com.powersync.db.schema.Schema;
import com.powersync.db.schema.Table;
import com.powersync.db.schema.TableOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.powersync.jakarta.client.SdkClient;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * Two users of a published SDK against the deployed EAR and a real PostgreSQL source. Every test
 * brings its own rows, so that none depends on another.
 */
class EndToEndIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String CONFIG =
      """
      replication:
        connections:
          - type: postgresql
            uri: !env PS_DATA_SOURCE_URI
            sslmode: disable
      storage:
        type: postgresql
        uri: !env PS_STORAGE_SOURCE_URI
        sslmode: disable
      client_auth:
        audience: [%s]
        jwks:
          keys:
            - kty: oct
              alg: HS256
              kid: bench
              k: %s
      sync_config:
        content: |
          config:
            edition: 2
          bucket_definitions:
            by_owner:
              parameters: SELECT request.user_id() AS owner
              data:
                - SELECT id, name, owner_id FROM lists WHERE owner_id = bucket.owner
            by_list:
              parameters: SELECT id AS list FROM lists WHERE owner_id = request.user_id()
              data:
                - SELECT id, list_id, description, done FROM todos WHERE list_id = bucket.list
      """
          .formatted(Tokens.AUDIENCE, Tokens.KEY_BASE64URL);
  private static final Schema SCHEMA =
      new Schema(
          table("lists", Column.Companion.text("name"), Column.Companion.text("owner_id")),
          table(
              "todos",
              Column.Companion.text("list_id"),
              Column.Companion.text("description"),
              Column.Companion.integer("done")));

  private static TestPostgres.Database source;
  private static LibertyServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    source = TestPostgres.shared().createDatabase("source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("storage");
    source.execute(
        "CREATE TABLE lists (id text PRIMARY KEY, name text, owner_id text)",
        "CREATE TABLE todos (id text PRIMARY KEY, list_id text, description text, done boolean)",
        "CREATE PUBLICATION powersync FOR TABLE lists, todos",
        "INSERT INTO lists VALUES ('l-ann', 'Groceries', 'ann'), ('l-bob', 'Work', 'bob')",
        "INSERT INTO todos VALUES ('t-ann', 'l-ann', 'Milk', false), ('t-bob', 'l-bob', 'Report',"
            + " true)");
    server =
        new LibertyServer(
                "e2e",
                CONFIG,
                Map.of("PS_DATA_SOURCE_URI", source.uri(), "PS_STORAGE_SOURCE_URI", storage.uri()))
            .start()
            .awaitReady();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void twoUsersSyncTheirOwnRowsAndNotEachOthers() {
    try (SdkClient ann = client("ann");
        SdkClient bob = client("bob")) {
      ann.connect();
      bob.connect();
      ann.awaitRows(
          "SELECT id, name FROM lists WHERE id IN ('l-ann', 'l-bob')",
          SOON,
          List.of(Map.of("id", "l-ann", "name", "Groceries")));
      bob.awaitRows(
          "SELECT id, name FROM lists WHERE id IN ('l-ann', 'l-bob')",
          SOON,
          List.of(Map.of("id", "l-bob", "name", "Work")));
      bob.awaitRows(
          "SELECT id, description, done FROM todos WHERE id IN ('t-ann', 't-bob')",
          SOON,
          List.of(Map.of("id", "t-bob", "description", "Report", "done", "1")));
    }
  }

  @Test
  void changesAtTheSourceArrive() {
    try (SdkClient ann = client("ann")) {
      ann.connect();
      source.execute("INSERT INTO lists VALUES ('c1', 'first', 'ann')");
      ann.awaitRows(
          "SELECT id, name FROM lists WHERE name IN ('first', 'second')",
          SOON,
          List.of(Map.of("id", "c1", "name", "first")));

      source.execute("UPDATE lists SET name = 'second' WHERE id = 'c1'");
      ann.awaitRows(
          "SELECT id, name FROM lists WHERE name IN ('first', 'second')",
          SOON,
          List.of(Map.of("id", "c1", "name", "second")));

      source.execute("UPDATE lists SET id = 'c2' WHERE id = 'c1'");
      ann.awaitRows(
          "SELECT id, name FROM lists WHERE name IN ('first', 'second')",
          SOON,
          List.of(Map.of("id", "c2", "name", "second")));

      source.execute("DELETE FROM lists WHERE id = 'c2'");
      ann.awaitRows("SELECT id FROM lists WHERE name IN ('first', 'second')", SOON, List.of());
    }
  }

  @Test
  void aLocalWriteIsUploadedAndItsWriteCheckpointComesRound() {
    try (SdkClient ann = client("ann")) {
      ann.connect();
      ann.awaitRows(
          "SELECT id FROM lists WHERE id = 'l-ann'", SOON, List.of(Map.of("id", "l-ann")));

      ann.execute("INSERT INTO lists (id, name, owner_id) VALUES ('w1', 'written here', 'ann')");

      Await.until("the upload is acknowledged through replication", SOON, ann::uploadsApplied);
      ann.awaitRows(
          "SELECT name FROM lists WHERE id = 'w1'", SOON, List.of(Map.of("name", "written here")));
      assertThat(sourceNames("w1")).isEqualTo("written here");
    }
  }

  @Test
  void aServerKilledInTheMiddleLosesNothing() throws Exception {
    try (SdkClient bob = client("bob")) {
      bob.connect();
      bob.awaitRows(
          "SELECT id FROM lists WHERE id = 'l-bob'", SOON, List.of(Map.of("id", "l-bob")));

      source.execute(
          "INSERT INTO todos SELECT 'k' || n, 'l-bob', 'kill ' || n, false"
              + " FROM generate_series(1, 20000) n");
      server.kill();
      source.execute(
          "UPDATE todos SET done = true WHERE list_id = 'l-bob' AND id LIKE 'k%5'",
          "DELETE FROM todos WHERE list_id = 'l-bob' AND id LIKE 'k%7'");
      server.start();

      bob.awaitRows(
          "SELECT CAST(count(*) AS TEXT) AS n, CAST(sum(done) AS TEXT) AS done"
              + " FROM todos WHERE id LIKE 'k%'",
          Duration.ofSeconds(120), List.of(Map.of("n", "18000", "done", "2000")));
    }
  }

  private SdkClient client(String user) {
    Path own = folder.resolve(user);
    own.toFile().mkdirs();
    return new SdkClient(server.uri(), () -> Tokens.user(user), own, SCHEMA, this::apply);
  }

  /** The application's backend: applies an uploaded write to the source. */
  private void apply(CrudEntry entry) {
    assertThat(entry.getTable()).isEqualTo("lists");
    Map<String, Object> data = entry.getOpData().getTyped();
    try (Connection connection = source.connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO lists VALUES (?, ?, ?)")) {
      insert.setString(1, entry.getId());
      insert.setString(2, (String) data.get("name"));
      insert.setString(3, (String) data.get("owner_id"));
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sourceNames(String id) {
    try (Connection connection = source.connect();
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT name FROM lists WHERE id = '" + id + "'")) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Table table(String name, Column... columns) {
    return new Table(name, List.of(columns), List.of(), new TableOptions(), null);
  }
}
