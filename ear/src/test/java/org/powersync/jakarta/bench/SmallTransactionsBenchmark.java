package org.powersync.jakarta.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P4: transactions of one row, written by four sessions at once while the server is down, against a
 * bare reader of the same log that throws everything away.
 */
final class SmallTransactionsBenchmark implements Benchmark {
  private static final int SESSIONS = 4;
  private static final String SLOT = "bare_reader";
  private static final String UPDATE_ONE_BY_ONE =
      """
      CREATE PROCEDURE update_one_by_one(first int, step int, last int, change text)
      LANGUAGE plpgsql AS $$
      BEGIN
        FOR i IN 0 .. (last - first) / step LOOP
          UPDATE items SET body = rpad(change, 150, 'x') WHERE id = first + i * step;
          COMMIT;
        END LOOP;
      END $$
      """;

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int transactions = bench.scaled(20_000) / SESSIONS * SESSIONS;
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TestPostgres.Database source = bench.database("source");
      TestPostgres.Database storage = bench.database("storage");
      SnapshotBenchmark.createItems(source, transactions);
      source.execute(UPDATE_ONE_BY_ONE);
      try (LibertyServer server = bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET)) {
        server.start();
        Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
        server.stop();
        write(source, transactions, "warm");
        source.execute(
            "SELECT pg_create_logical_replication_slot('" + SLOT + run + "', 'pgoutput')");
        write(source, transactions, "new");
        long before = Bench.count(storage, "SELECT max(op_id) FROM powersync.bucket_data");
        work.add(new Backlog(transactions, transactions).follow(server, storage, before));
        server.kill();
      }
      yardstick.add(transactions / readBare(source, SLOT + run, transactions));
      source.execute("SELECT pg_drop_replication_slot('" + SLOT + run + "')");
    }
    return List.of(
        new Figure(
            "P4",
            "streaming of " + transactions + " one-row transactions",
            "tx/s",
            work,
            yardstick));
  }

  private static void write(TestPostgres.Database source, int transactions, String change)
      throws Exception {
    ExecutorService sessions = Executors.newFixedThreadPool(SESSIONS);
    try {
      List<Future<?>> written = new ArrayList<>();
      for (int i = 1; i <= SESSIONS; i++) {
        String call =
            "CALL update_one_by_one(%d, %d, %d, '%s')"
                .formatted(i, SESSIONS, transactions - SESSIONS + i, change);
        written.add(sessions.submit(() -> source.execute("SET synchronous_commit = off", call)));
      }
      for (Future<?> session : written) {
        session.get();
      }
    } finally {
      sessions.shutdown();
    }
  }

  /** Seconds to read this many transactions. */
  private static double readBare(TestPostgres.Database source, String slot, int transactions)
      throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, "postgres");
    PGProperty.PASSWORD.set(properties, "postgres");
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    String url = "jdbc:postgresql://127.0.0.1:" + source.port() + "/" + source.name();
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      long start = System.nanoTime();
      PGReplicationStream stream =
          connection
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .replicationStream()
              .logical()
              .withSlotName(slot)
              .withSlotOption("proto_version", "1")
              .withSlotOption("publication_names", "powersync")
              .start();
      int commits = 0;
      while (commits < transactions) {
        ByteBuffer message = stream.read();
        if (message.get(message.position()) == 'C') {
          commits++;
        }
      }
      double seconds = Bench.seconds(start);
      stream.close();
      return seconds;
    }
  }
}
