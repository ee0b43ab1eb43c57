package org.powersync.jakarta.replication.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.powersync.jakarta.connection.AddressRestriction;
import org.powersync.jakarta.connection.ConnectionSettings;
import org.powersync.jakarta.connection.PostgresConnections;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.connection.SslMode;
import org.powersync.jakarta.connection.TlsSettings;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.RateLimiter;
import org.powersync.jakarta.replication.ReplicationAttempt;
import org.powersync.jakarta.replication.StopSignal;
import org.powersync.jakarta.replication.StreamProgress;
import org.powersync.jakarta.replication.TableSelection;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;
import org.powersync.jakarta.replication.postgres.server.SourceOptions;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.telemetry.Counters;

/** A source database, storage in memory, and attempts at replicating the one into the other. */
public final class SourceHarness implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(20);

  final TestPostgres.Database database;
  final MemoryStorage storage;
  final Counters counters = new Counters();
  final StreamProgress progress;
  final List<Throwable> failures = new CopyOnWriteArrayList<>();

  private final PostgresSource source;
  private final TableSelection tables;
  private StopSignal stop;
  private Thread thread;

  /**
   * @param tables names in schema public, may end in %
   */
  static SourceHarness of(String name, int chunkRows, String... tables) {
    return of(name, usual(chunkRows), tables);
  }

  /** Copies tables strictly one after the other. */
  static SourceHarness inOrder(String name, int chunkRows, String... tables) {
    return of(name, usual(chunkRows).withSnapshotReaders(1), tables);
  }

  private static SourceHarness of(String name, SourceOptions options, String... tables) {
    TestPostgres.Database database = TestPostgres.shared().createDatabase(name);
    return new SourceHarness(
        database,
        options,
        Arrays.stream(tables).map(table -> new TablePattern("default", "public", table)).toList());
  }

  private static SourceOptions usual(int chunkRows) {
    return SourceOptions.DEFAULT.withChunkRows(chunkRows).withSnapshotWorkers(1);
  }

  SourceHarness(TestPostgres.Database database, int chunkRows, List<TablePattern> patterns) {
    this(database, usual(chunkRows), patterns);
  }

  private SourceHarness(
      TestPostgres.Database database, SourceOptions options, List<TablePattern> patterns) {
    this.database = database;
    this.tables = new TableSelection(patterns, Compatibility.ofEdition(2));
    this.storage = new MemoryStorage("slot_" + database.name(), patterns);
    this.progress = new StreamProgress(storage.stream(), Clock.systemUTC());
    this.source =
        new PostgresSource(
            connections(database),
            () -> new SystemIdentifier("elsewhere", "storage"),
            Thread::new,
            options);
  }

  static SourceConnections connections(TestPostgres.Database database) {
    return connections(database, database.port(), "postgres");
  }

  /**
   * @param port of the server, or of something in front of it
   */
  public static SourceConnections connections(
      TestPostgres.Database database, int port, String role) {
    ConnectionSettings settings =
        new ConnectionSettings(
            "127.0.0.1",
            port,
            database.name(),
            role,
            Secret.of("postgres"),
            TlsSettings.of(SslMode.DISABLE),
            AddressRestriction.NONE,
            Duration.ofSeconds(20));
    return new SourceConnections(
        new PostgresConnections(settings), "powersync-test", Duration.ofSeconds(30));
  }

  PostgresSource source() {
    return source;
  }

  /** Attempts until stopped, as the engine does, with its delays. */
  SourceHarness start() {
    stop = new StopSignal();
    StopSignal mine = stop;
    thread = new Thread(() -> attempts(mine), "attempts");
    thread.start();
    return this;
  }

  /** The thread that applies what is streamed. */
  Thread applyingThread() {
    return thread;
  }

  private void attempts(StopSignal mine) {
    RateLimiter limiter = new RateLimiter(System::nanoTime);
    try {
      while (limiter.awaitTurn(mine)) {
        try {
          source.replicate(
              new ReplicationAttempt(storage.stream(), storage, tables, progress, counters, mine));
        } catch (RuntimeException e) {
          if (!mine.stopped()) {
            failures.add(e);
            storage.log.add("failed");
            Duration delay = source.judge(e).delay();
            limiter.delay(
                delay.compareTo(Duration.ofSeconds(3)) > 0 ? Duration.ofSeconds(3) : delay);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void stop() {
    stop.stop();
    try {
      thread.join(DEADLINE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new AssertionError("the attempt does not end");
    }
  }

  void execute(String... statements) {
    database.execute(statements);
  }

  /** Statements of one transaction. */
  void transaction(String... statements) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String query(String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the last checkpoint shows exactly what the table holds. */
  void awaitEqual(String table, String... columns) {
    Await.until(
        table + " equals the source; storage " + storage.log + " failures " + failures,
        DEADLINE,
        () -> expected(table, columns).equals(actual(table, columns)));
  }

  List<String> expected(String table, String... columns) {
    StringBuilder text = new StringBuilder("concat_ws('|'");
    for (String column : columns) {
      text.append(", coalesce(\"").append(column).append("\"::text, '∅')");
    }
    text.append(")");
    String all =
        query(
            "SELECT string_agg(v, chr(10) ORDER BY v COLLATE \"C\") FROM (SELECT "
                + text
                + " AS v FROM \""
                + table.replace("\"", "\"\"")
                + "\") t");
    return all == null ? List.of() : List.of(all.split("\n"));
  }

  List<String> actual(String table, String... columns) {
    return storage.visibleRows(table).stream()
        .map(
            row ->
                String.join(
                    "|",
                    Arrays.stream(columns)
                        .map(column -> Rows.text(row, column))
                        .map(text -> text == null ? "∅" : text)
                        .toList()))
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    if (thread != null) {
      stop();
    }
    source.cleanUp(storage.stream());
    source.close();
  }
}
