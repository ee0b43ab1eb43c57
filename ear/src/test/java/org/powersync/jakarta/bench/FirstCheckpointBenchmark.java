package org.powersync.jakarta.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P10: from a request to its first checkpoint line, with 988 buckets of 89 definitions that are
 * found by lookups, on a warm server; against PostgreSQL alone, summing the same buckets in one
 * statement.
 */
final class FirstCheckpointBenchmark implements Benchmark {
  private static final int DEFINITIONS = 89;
  private static final int BUCKETS = 988;
  private static final int WARM_UP = 10;
  private static final int SAMPLES = 15;
  private static final String SUM =
      "SELECT bucket_name, sum(checksum), count(*) FROM powersync.bucket_data"
          + " WHERE bucket_name IN (SELECT DISTINCT bucket_name FROM powersync.bucket_data)"
          + " GROUP BY bucket_name";

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    TestPostgres.Database source = bench.database("source");
    TestPostgres.Database storage = bench.database("storage");
    source.execute(
        "CREATE TABLE groups (id text PRIMARY KEY, owner text, kind int)",
        "CREATE TABLE items (id text PRIMARY KEY, grp text, kind int, body text)",
        "INSERT INTO groups SELECT 'g' || n, 'bench', n %% %d FROM generate_series(0, %d) n"
            .formatted(DEFINITIONS, BUCKETS - 1),
        "INSERT INTO items SELECT 'i' || n, 'g' || n %% %d, (n %% %d) %% %d, repeat('x', 100)"
                .formatted(BUCKETS, BUCKETS, DEFINITIONS)
            + " FROM generate_series(0, "
            + (10 * BUCKETS - 1)
            + ") n",
        "CREATE PUBLICATION powersync FOR TABLE groups, items");
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    try (LibertyServer server = bench.server(source, storage, config()).start()) {
      Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
      storage.execute("VACUUM ANALYZE powersync.bucket_data");
      for (int i = 0; i < WARM_UP; i++) {
        firstCheckpoint(server);
      }
      for (int run = 0; run < runs; run++) {
        double[] product = new double[SAMPLES];
        double[] sums = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
          product[i] = firstCheckpoint(server);
          sums[i] = sum(storage);
        }
        work.add(Arrivals.percentile(product, 50));
        yardstick.add(Arrivals.percentile(sums, 50));
      }
    }
    return List.of(
        new Figure("P10", "first checkpoint, 988 buckets, median", "ms", work, yardstick));
  }

  private static String config() {
    StringBuilder yaml = new StringBuilder("config:\n  edition: 2\nbucket_definitions:\n");
    for (int i = 0; i < DEFINITIONS; i++) {
      yaml.append("  def").append(i).append(":\n");
      yaml.append(
          "    parameters: SELECT id AS grp FROM groups WHERE owner = request.user_id() AND kind = "
              + i
              + "\n");
      yaml.append(
              "    data:\n      - SELECT id, body FROM items WHERE grp = bucket.grp AND kind = ")
          .append(i)
          .append('\n');
    }
    return yaml.toString();
  }

  private static double firstCheckpoint(LibertyServer server) {
    long start = System.nanoTime();
    try (StreamConnection stream =
        StreamConnection.ofUser(server.uri(), "bench", "{\"raw_data\":true}")) {
      StreamConnection.Event first = stream.next(Duration.ofSeconds(60)).orElseThrow();
      if (!(first instanceof StreamConnection.Line line)) {
        throw new IllegalStateException("ended before the first line");
      }
      Bench.check("buckets", BUCKETS, line.json().at("/checkpoint/buckets").size());
      return (line.readNanos() - start) / 1e6;
    }
  }

  private static double sum(TestPostgres.Database storage) throws SQLException {
    try (Connection connection = storage.connect();
        PreparedStatement statement = connection.prepareStatement(SUM)) {
      long start = System.nanoTime();
      int buckets = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          buckets++;
        }
      }
      Bench.check("buckets summed", BUCKETS, buckets);
      return 1000 * Bench.seconds(start);
    }
  }
}
