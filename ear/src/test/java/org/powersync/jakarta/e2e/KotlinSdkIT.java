package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.powersync.db.crud.CrudEntry;
import com.powersync.db.schema.Column;
import com.powersync.db.schema.Schema;
import com.powersync.db.schema.Table;
import com.powersync.db.schema.TableOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
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
 * Streams, priorities, tokens, absence and size, as the Kotlin SDK meets them on the deployed EAR.
 * Every test has a user and rows of its own, so that none depends on another.
 */
class KotlinSdkIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MANY = 100_000;
  private static final String SYNC_CONFIG =
      """
      config:
        edition: 3
      streams:
        notices:
          auto_subscribe: true
          priority: 0
          query: SELECT * FROM notices WHERE owner_id = auth.user_id()
        own_lists:
          auto_subscribe: true
          query: SELECT * FROM lists WHERE owner_id = auth.user_id()
        todos_of:
          query: >-
            SELECT * FROM todos WHERE list_id = subscription.parameter('list')
            AND list_id IN (SELECT id FROM lists WHERE owner_id = auth.user_id())
      """;
  private static final Schema SCHEMA =
      new Schema(
          table("notices", "owner_id", "body"),
          table("lists", "owner_id", "name"),
          table("todos", "list_id", "description"));

  private static TestPostgres.Database source;
  private static LibertyServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    source = TestPostgres.shared().createDatabase("kotlin_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("kotlin_storage");
    source.execute(
        "CREATE TABLE notices (id text PRIMARY KEY, owner_id text, body text)",
        "CREATE TABLE lists (id text PRIMARY KEY, owner_id text, name text)",
        "CREATE TABLE todos (id text PRIMARY KEY, list_id text, description text)",
        "CREATE PUBLICATION powersync FOR ALL TABLES",
        "INSERT INTO notices VALUES ('n-mia', 'mia', 'read me first')",
        "INSERT INTO lists VALUES ('l-mia', 'mia', 'long')",
        "INSERT INTO todos SELECT 'm' || n, 'l-mia', 'number ' || n FROM generate_series(1, %d) n"
            .formatted(MANY));
    server =
        new LibertyServer(
                "kotlin",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.of(SYNC_CONFIG)),
                Map.of())
            .start()
            .awaitReady();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aStreamBringsWhatItIsSubscribedForAndNothingOfOthers() {
    source.execute(
        "INSERT INTO lists VALUES ('s1', 'sam', 'one'), ('s2', 'sam', 'two'), ('s3', 'eve', 'not"
            + " yours')",
        "INSERT INTO todos VALUES ('st1', 's1', 'a'), ('st2', 's2', 'b'), ('st3', 's3', 'c')");
    try (SdkClient sam = client("sam")) {
      sam.subscribe("todos_of", Map.of("list", "s1"), OptionalInt.empty());
      sam.subscribe("todos_of", Map.of("list", "s3"), OptionalInt.empty());
      sam.connect();
      sam.awaitRows("SELECT id FROM todos", SOON, List.of(Map.of("id", "st1")));

      sam.subscribe("todos_of", Map.of("list", "s2"), OptionalInt.empty());
      sam.awaitRows(
          "SELECT id FROM todos ORDER BY id",
          SOON,
          List.of(Map.of("id", "st1"), Map.of("id", "st2")));

      source.execute(
          "UPDATE todos SET list_id = 's3' WHERE id = 'st1'",
          "UPDATE todos SET description = 'still here' WHERE id = 'st2'");
      sam.awaitRows(
          "SELECT id, description FROM todos",
          SOON,
          List.of(Map.of("id", "st2", "description", "still here")));
    }
  }

  @Test
  void theMostUrgentPriorityDoesNotWaitForUploads() {
    source.execute(
        "INSERT INTO lists VALUES ('p1', 'pat', 'before')",
        "INSERT INTO todos VALUES ('pt1', 'p1', 'before')",
        "INSERT INTO notices VALUES ('pn1', 'pat', 'before')");
    AtomicBoolean reachable = new AtomicBoolean();
    try (SdkClient pat =
        client("pat", () -> Tokens.user("pat"), whenever(reachable, KotlinSdkIT::apply))) {
      pat.subscribe("todos_of", Map.of("list", "p1"), OptionalInt.of(0));
      pat.connect();
      pat.awaitRows("SELECT id FROM lists", SOON, List.of(Map.of("id", "p1")));

      pat.execute("INSERT INTO lists (id, owner_id, name) VALUES ('p2', 'pat', 'held up')");
      // In one transaction: only what is followed by less urgent data is completed by itself.
      source.execute(
          """
          WITH
            notice AS (UPDATE notices SET body = 'after' WHERE id = 'pn1'),
            todo AS (UPDATE todos SET description = 'after' WHERE id = 'pt1')
          UPDATE lists SET name = 'after' WHERE id = 'p1'
          """);
      pat.awaitRows("SELECT body FROM notices", SOON, List.of(Map.of("body", "after")));
      pat.awaitRows("SELECT description FROM todos", SOON, List.of(Map.of("description", "after")));
      assertThat(pat.query("SELECT name FROM lists WHERE id = 'p1'"))
          .as("held back while a local write waits")
          .containsExactly(Map.of("name", "before"));

      reachable.set(true);
      // The SDK tries again when it connects, or with the next local write.
      pat.execute("UPDATE lists SET name = 'let go' WHERE id = 'p2'");
      pat.awaitRows(
          "SELECT id, name FROM lists ORDER BY id",
          SOON,
          List.of(Map.of("id", "p1", "name", "after"), Map.of("id", "p2", "name", "let go")));
      Await.until("the upload is acknowledged", SOON, pat::uploadsApplied);
    }
  }

  @Test
  void aHundredThousandRowsArriveAndWhatIsUrgentBeforeThem() {
    try (SdkClient mia = client("mia")) {
      mia.subscribe("todos_of", Map.of("list", "l-mia"), OptionalInt.empty());
      mia.connect();
      // One statement sees one state: the notice is there while the others are on their way.
      mia.awaitRows(
          "SELECT (SELECT body FROM notices) AS body, count(*) AS n FROM todos",
          SOON,
          List.of(Map.of("body", "read me first", "n", "0")));
      mia.awaitRows(
          """
          SELECT count(*) AS n, count(DISTINCT description) AS texts,
                 sum(CAST(substr(id, 2) AS INTEGER)) AS sum
            FROM todos
          """,
          SOON.multipliedBy(2),
          List.of(Map.of("n", "" + MANY, "texts", "" + MANY, "sum", "" + MANY * (MANY + 1L) / 2)));
    }
  }

  @Test
  void aTokenAboutToExpireIsReplacedInTime() {
    assertAsksAgain("tom", fetch -> Tokens.user("tom", 22));
  }

  @Test
  void aTokenThatRunsOutIsReplaced() {
    assertAsksAgain("ron", fetch -> Tokens.user("ron", 2));
  }

  @Test
  void aRefusedTokenIsReplaced() {
    assertAsksAgain("ria", fetch -> Tokens.user("ria", fetch % 2 == 1 ? -3600 : 3));
  }

  /** The connector is asked again and again, and changes go on arriving. */
  private void assertAsksAgain(String user, IntFunction<String> tokens) {
    AtomicInteger fetches = new AtomicInteger();
    source.execute("INSERT INTO notices VALUES ('n-%1$s', '%1$s', 'first')".formatted(user));
    try (SdkClient client =
        client(user, () -> tokens.apply(fetches.incrementAndGet()), KotlinSdkIT::apply)) {
      client.connect();
      client.awaitRows("SELECT body FROM notices", SOON, List.of(Map.of("body", "first")));
      int before = fetches.get();
      Await.until("the connector is asked again", SOON, () -> fetches.get() >= before + 3);
      source.execute("UPDATE notices SET body = 'second' WHERE id = 'n-%s'".formatted(user));
      client.awaitRows("SELECT body FROM notices", SOON, List.of(Map.of("body", "second")));
      // Not in a hurry: each token was used for a while.
      assertThat(fetches.get()).isLessThan(100);
    }
  }

  @Test
  void whatIsWrittenOfflineComesThrough() {
    source.execute(
        "INSERT INTO lists VALUES ('o1', 'ona', 'to change'), ('o2', 'ona', 'to delete'),"
            + " ('o3', 'ona', 'changed there')");
    AtomicBoolean online = new AtomicBoolean(true);
    try (SdkClient ona =
        client("ona", () -> Tokens.user("ona"), whenever(online, KotlinSdkIT::apply))) {
      ona.connect();
      ona.awaitRows("SELECT count(*) AS n FROM lists", SOON, List.of(Map.of("n", "3")));

      online.set(false);
      server.stop();
      ona.execute("UPDATE lists SET name = 'changed here' WHERE id = 'o1'");
      ona.execute("DELETE FROM lists WHERE id = 'o2'");
      ona.execute(
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)"
              + " INSERT INTO lists (id, owner_id, name)"
              + " SELECT 'on' || i, 'ona', 'offline ' || i FROM n");
      source.execute("UPDATE lists SET name = 'while away' WHERE id = 'o3'");
      assertThat(ona.query("SELECT count(*) AS n FROM lists")).containsExactly(Map.of("n", "252"));
      assertThat(ona.uploadsApplied()).isFalse();

      server.start();
      online.set(true);
      Await.until("all writes are acknowledged", SOON, ona::uploadsApplied);
      ona.awaitRows(
          "SELECT id, name FROM lists WHERE id IN ('o1', 'o2', 'o3') ORDER BY id",
          SOON,
          List.of(
              Map.of("id", "o1", "name", "changed here"),
              Map.of("id", "o3", "name", "while away")));
      ona.awaitRows("SELECT count(*) AS n FROM lists", SOON, List.of(Map.of("n", "252")));
    }
  }

  private SdkClient client(String user) {
    return client(user, () -> Tokens.user(user), KotlinSdkIT::apply);
  }

  private SdkClient client(String user, Supplier<String> token, Consumer<CrudEntry> upload) {
    try {
      Path own = Files.createDirectories(folder.resolve(user));
      return new SdkClient(server.uri(), token, own, SCHEMA, upload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A backend that can be away. */
  private static Consumer<CrudEntry> whenever(AtomicBoolean there, Consumer<CrudEntry> backend) {
    return entry -> {
      if (!there.get()) {
        throw new IllegalStateException("no network");
      }
      backend.accept(entry);
    };
  }

  /** The application's backend: applies an uploaded write to the source. */
  private static void apply(CrudEntry entry) {
    String sql =
        switch (entry.getOp()) {
          case PUT -> "INSERT INTO lists (owner_id, name, id) VALUES (?, ?, ?)";
          case PATCH ->
              "UPDATE lists SET owner_id = coalesce(?, owner_id), name = coalesce(?, name)"
                  + " WHERE id = ?";
          case DELETE -> "DELETE FROM lists WHERE ?::text IS NULL AND ?::text IS NULL AND id = ?";
        };
    Map<String, Object> data = entry.getOpData() == null ? Map.of() : entry.getOpData().getTyped();
    try (Connection connection = source.connect();
        PreparedStatement write = connection.prepareStatement(sql)) {
      write.setString(1, (String) data.get("owner_id"));
      write.setString(2, (String) data.get("name"));
      write.setString(3, entry.getId());
      write.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Table table(String name, String first, String second) {
    return new Table(
        name,
        List.of(Column.Companion.text(first), Column.Companion.text(second)),
        List.of(),
        new TableOptions(),
        null);
  }
}
