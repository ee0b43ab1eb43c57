package org.powersync.jakarta.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * What every benchmark needs: a PostgreSQL that syncs to disk as a real one does, databases in it,
 * and servers of the product.
 */
final class Bench implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(15);
  private static final int STORAGE_NOT_READY = 503;
  private static final String API_TOKEN = "benchmark-operator-token";

  /** P12: everything has to pass with this. */
  private static final String HEAP = "-Xmx512m";

  private final EmbeddedPostgres postgres;
  private final double scale;
  private int databases;

  Bench(double scale) throws IOException {
    this.scale = scale;
    this.postgres =
        EmbeddedPostgres.builder()
            // The builder turns both off, for tests.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("wal_level", "logical")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            .setServerConfig("max_replication_slots", "40")
            .setServerConfig("max_wal_senders", "40")
            .setServerConfig("timezone", "UTC")
            .start();
  }

  /** A size from the benchmark's definition, scaled. */
  int scaled(int size) {
    return Math.max(1000, (int) (size * scale));
  }

  TestPostgres.Database database(String prefix) throws SQLException {
    String name = prefix + "_" + ++databases;
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " ENCODING 'UTF8' TEMPLATE template0");
    }
    return new TestPostgres.Database(postgres.getPort(), name);
  }

  /** A database is done with; the next run does not share the machine with cleaning it up. */
  void drop(TestPostgres.Database database) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE " + database.name() + " WITH (FORCE)");
    }
  }

  /** A server of the product, not started. */
  LibertyServer server(
      TestPostgres.Database source, TestPostgres.Database storage, String syncConfig) {
    return server(source, storage, Optional.of(syncConfig));
  }

  /**
   * A server of the product, not started.
   *
   * @param syncConfig empty = {@link #deploy}ed later
   */
  LibertyServer server(
      TestPostgres.Database source, TestPostgres.Database storage, Optional<String> syncConfig) {
    return new LibertyServer(
        "bench",
        """
        replication:
          connections:
            - {type: postgresql, uri: %s, sslmode: disable}
        storage: {type: postgresql, uri: %s, sslmode: disable}
        client_auth:
          audience: [%s]
          jwks: {keys: [{kty: oct, alg: HS256, kid: bench, k: %s}]}
        api: {tokens: [%s], parameters: {max_concurrent_connections: 2500}}
        %s
        """
            .formatted(
                source.uri(),
                storage.uri(),
                Tokens.AUDIENCE,
                Tokens.KEY_BASE64URL,
                API_TOKEN,
                syncConfig.map(text -> "sync_config:\n  content: |\n" + text.indent(4)).orElse("")),
        Map.of("JVM_ARGS", HEAP + " " + System.getProperty("bench.jvm", "")));
  }

  /** Deploys a sync config on a server that was started without one, as soon as it can. */
  static void deploy(LibertyServer server, String syncConfig)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/api/sync-rules/v1/deploy"))
            .header("Authorization", "Token " + API_TOKEN)
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(syncConfig))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    long end = System.nanoTime() + LONG.toNanos();
    while (answer.statusCode() == STORAGE_NOT_READY && System.nanoTime() < end) {
      LockSupport.parkNanos(5_000_000);
      answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    }
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("not deployed: " + answer.statusCode() + answer.body());
    }
  }

  /** Waits until a query on the database says true; looks every few milliseconds. */
  static void await(TestPostgres.Database database, String condition) throws SQLException {
    long end = System.nanoTime() + LONG.toNanos();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (System.nanoTime() < end) {
        try (ResultSet row =
            statement.executeQuery("SELECT coalesce((" + condition + "), false)")) {
          row.next();
          if (row.getBoolean(1)) {
            return;
          }
        } catch (SQLException e) {
          if (!e.getSQLState().startsWith("42") && !e.getSQLState().startsWith("3F")) {
            throw e; // 42, 3F: the schema is not there yet
          }
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
    throw new IllegalStateException("never came true: " + condition);
  }

  static long count(TestPostgres.Database database, String query) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Fails the benchmark rather than report a figure for work that was not done. */
  static void check(String what, long expected, long found) {
    if (expected != found) {
      throw new IllegalStateException(what + ": expected " + expected + ", found " + found);
    }
  }

  static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
