package org.powersync.jakarta.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.powersync.jakarta.client.SocketStreams.SocketStream;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P9: 2 000 open streams, of which 20 hold the bucket that changes: the latency of those, against a
 * single stream on the same server; and the processor time a commit costs the server, against the
 * same with that single stream.
 */
final class FewConcernedBenchmark implements Benchmark {
  private static final int STREAMS = 2000;
  private static final int CONCERNED = 20;
  private static final int COMMITS = 100;
  private static final String CONFIG =
      """
      config:
        edition: 2
      bucket_definitions:
        by_owner:
          parameters: SELECT request.user_id() AS owner
          data:
            - SELECT id, body FROM notes WHERE owner = bucket.owner
      """;

  /** Milliseconds. */
  private record Sample(double p99, double cpuPerCommit) {}

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    TestPostgres.Database source = bench.database("source");
    TestPostgres.Database storage = bench.database("storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, owner text, body text)",
        "INSERT INTO notes SELECT 'n' || n, 'u' || n, 'a note' FROM generate_series(0, 1999) n",
        "CREATE PUBLICATION powersync FOR TABLE notes");
    List<Double> p99 = new ArrayList<>();
    List<Double> aloneP99 = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    List<Double> aloneCpu = new ArrayList<>();
    try (LibertyServer server = bench.server(source, storage, CONFIG).start()) {
      Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
      for (int run = 0; run < runs; run++) {
        try (OpenStreams streams = new OpenStreams(server)) {
          List<SocketStream> concerned = new ArrayList<>();
          concerned.add(streams.open("u0"));
          for (int i = 0; run == 0 && i < LatencyBenchmark.FIRST_WARM_UP; i += COMMITS) {
            sample(server, source, concerned, "warm " + i);
          }
          Sample alone = sample(server, source, concerned, "alone " + run);
          aloneP99.add(alone.p99());
          aloneCpu.add(alone.cpuPerCommit());
          while (concerned.size() < CONCERNED) {
            concerned.add(streams.open("u0"));
          }
          for (int i = CONCERNED; i < STREAMS; i++) {
            streams.open("u" + i);
          }
          sample(server, source, concerned, "warmer " + run);
          Sample many = sample(server, source, concerned, "many " + run);
          p99.add(many.p99());
          cpu.add(many.cpuPerCommit());
          for (SocketStream other : streams.all().subList(CONCERNED, STREAMS)) {
            requireNoData(other);
          }
        }
      }
    }
    return List.of(
        new Figure("P9", "commit to line, 20 of 2 000 streams, 99th", "ms", p99, aloneP99),
        new Figure("P9", "processor time a commit, 2 000 streams", "ms", cpu, aloneCpu));
  }

  private static Sample sample(
      LibertyServer server, TestPostgres.Database source, List<SocketStream> concerned, String mark)
      throws SQLException {
    long before = cpuMillis(server);
    double[] samples =
        OpenStreams.afterCommits(
            source,
            "UPDATE notes SET body = ? WHERE id = 'n0'",
            concerned,
            mark,
            COMMITS,
            Duration.ofMillis(20));
    double cpu = (double) (cpuMillis(server) - before) / COMMITS;
    return new Sample(Arrivals.percentile(samples, 99), cpu);
  }

  /** Others hear of checkpoints at most, not of data. */
  private static void requireNoData(SocketStream stream) {
    while (stream.next(Duration.ZERO).orElse(null) instanceof StreamConnection.Line line) {
      if (line.text().startsWith("{\"data\"")) {
        throw new IllegalStateException("data at a stream that is not concerned: " + line.text());
      }
    }
  }

  /** Of the server's process and what it started. */
  private static long cpuMillis(LibertyServer server) {
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToLong(each -> each.info().totalCpuDuration().orElse(Duration.ZERO).toMillis())
        .sum();
  }
}
