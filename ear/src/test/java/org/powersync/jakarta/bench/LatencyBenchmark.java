package org.powersync.jakarta.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;
import org.powersync.jakarta.client.SocketStreams.SocketStream;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P7: from a commit's return to the line at the one connected client, on an otherwise idle system,
 * against a bare reader of the replication protocol that sees the same change. The difference is
 * what the product adds.
 */
final class LatencyBenchmark implements Benchmark {
  private static final int WARM_UP = 30;

  /** Commits before the first sample: a server that has just started compiles for a minute. */
  static final int FIRST_WARM_UP = 600;

  private static final int SAMPLES = 150;

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    TestPostgres.Database source = bench.database("source");
    TestPostgres.Database storage = bench.database("storage");
    SnapshotBenchmark.createItems(source, 1000);
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    List<Double> barePart50 = new ArrayList<>();
    List<Double> barePart99 = new ArrayList<>();
    try (LibertyServer server =
        bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET).start()) {
      Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
      for (int run = 0; run < runs; run++) {
        double[][] samples = sample(server, source, run);
        p50.add(Arrivals.percentile(samples[0], 50));
        p99.add(Arrivals.percentile(samples[0], 99));
        barePart50.add(Arrivals.percentile(samples[1], 50));
        barePart99.add(Arrivals.percentile(samples[1], 99));
      }
    }
    return List.of(
        new Figure("P7", "commit to line, one stream, median", "ms", p50, barePart50),
        new Figure("P7", "commit to line, one stream, 99th percentile", "ms", p99, barePart99));
  }

  /** Milliseconds per sample: at the client, and at the bare reader. */
  private static double[][] sample(LibertyServer server, TestPostgres.Database source, int run)
      throws SQLException, InterruptedException {
    double[][] samples = new double[2][SAMPLES];
    BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
    try (BareReader reader = new BareReader(source, "bare_" + run, seen);
        OpenStreams streams = new OpenStreams(server);
        Connection connection = source.connect();
        PreparedStatement update =
            connection.prepareStatement("UPDATE items SET body = ? WHERE id = 7")) {
      reader.start();
      SocketStream stream = streams.open("bench");
      for (int i = run == 0 ? -FIRST_WARM_UP : -WARM_UP; i < SAMPLES; i++) {
        String marker = "latency " + run + " " + i;
        update.setString(1, marker);
        update.executeUpdate();
        long committed = System.nanoTime();
        Long bare = seen.poll(10, TimeUnit.SECONDS);
        long line = Arrivals.of(stream, marker);
        if (bare == null) {
          throw new IllegalStateException("the bare reader saw nothing");
        }
        if (i >= 0) {
          samples[0][i] = Math.max(0, line - committed) / 1e6;
          samples[1][i] = Math.max(0, bare - committed) / 1e6;
        }
        LockSupport.parkNanos(Duration.ofMillis(40).toNanos()); // an idle system between commits
      }
    }
    return samples;
  }

  /** Reads pgoutput and notes when each transaction's row change was seen; nothing else. */
  private static final class BareReader implements AutoCloseable {
    private final Connection connection;
    private final PGReplicationStream stream;
    private final BlockingQueue<Long> seen;
    private final String slot;
    private final TestPostgres.Database source;
    private final Thread thread = new Thread(this::read, "bare-reader");
    private volatile boolean stopped;

    BareReader(TestPostgres.Database source, String slot, BlockingQueue<Long> seen)
        throws SQLException {
      this.source = source;
      this.slot = slot;
      this.seen = seen;
      Properties properties = new Properties();
      PGProperty.USER.set(properties, "postgres");
      PGProperty.PASSWORD.set(properties, "postgres");
      PGProperty.REPLICATION.set(properties, "database");
      PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.4");
      PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
      this.connection =
          DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:" + source.port() + "/" + source.name(), properties);
      source.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
      this.stream =
          connection
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .replicationStream()
              .logical()
              .withSlotName(slot)
              .withSlotOption("proto_version", 1)
              .withSlotOption("publication_names", "powersync")
              .withStatusInterval(5, TimeUnit.SECONDS)
              .start();
    }

    void start() {
      thread.start();
    }

    private void read() {
      try {
        while (!stopped) {
          ByteBuffer message = stream.readPending();
          if (message == null) {
            LockSupport.parkNanos(100_000);
          } else if (message.get(message.position()) == 'U') {
            seen.add(System.nanoTime());
          }
        }
      } catch (SQLException e) {
        if (!stopped) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void close() throws SQLException {
      stopped = true;
      try {
        thread.join(5000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      connection.close();
      source.execute("SELECT pg_drop_replication_slot('" + slot + "')");
    }
  }
}
