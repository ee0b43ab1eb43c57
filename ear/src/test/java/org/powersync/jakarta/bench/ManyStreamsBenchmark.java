package org.powersync.jakarta.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P8: from a commit's return to its line at each of 500 clients of the changed bucket, against the
 * median with a single one of them in the same run. The difference is the price of the others.
 */
final class ManyStreamsBenchmark implements Benchmark {
  private static final int STREAMS = 500;
  private static final int ALONE = 60;
  private static final int COMMITS = 40;

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    TestPostgres.Database source = bench.database("source");
    TestPostgres.Database storage = bench.database("storage");
    SnapshotBenchmark.createItems(source, 1000);
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    try (LibertyServer server =
        bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET).start()) {
      Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
      for (int run = 0; run < runs; run++) {
        try (OpenStreams streams = new OpenStreams(server)) {
          streams.open("bench");
          int warmUp = run == 0 ? LatencyBenchmark.FIRST_WARM_UP : 20;
          commits(streams, source, "warm " + run, warmUp);
          alone.add(Arrivals.percentile(commits(streams, source, "alone " + run, ALONE), 50));
          while (streams.all().size() < STREAMS) {
            streams.open("bench");
          }
          commits(streams, source, "warmer " + run, 10);
          double[] samples = commits(streams, source, "many " + run, COMMITS);
          Bench.check("samples", (long) STREAMS * COMMITS, samples.length);
          p50.add(Arrivals.percentile(samples, 50));
          p99.add(Arrivals.percentile(samples, 99));
        }
      }
    }
    return List.of(
        new Figure("P8", "commit to line, 500 streams, median", "ms", p50, alone),
        new Figure("P8", "commit to line, 500 streams, 99th percentile", "ms", p99, alone));
  }

  /** Milliseconds from each commit to its line at each stream. */
  private static double[] commits(
      OpenStreams streams, TestPostgres.Database source, String mark, int commits)
      throws SQLException {
    return OpenStreams.afterCommits(
        source,
        "UPDATE items SET body = ? WHERE id = 7",
        streams.all(),
        mark,
        commits,
        Duration.ofMillis(40)); // an idle system between commits
  }
}
