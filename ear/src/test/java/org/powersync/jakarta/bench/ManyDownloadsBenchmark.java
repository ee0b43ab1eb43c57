package org.powersync.jakarta.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P6: 50 clients download the same bucket at once; all their operations together, against what one
 * client alone gets of it in the same run.
 */
final class ManyDownloadsBenchmark implements Benchmark {
  private static final int CLIENTS = 50;

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int rows = bench.scaled(100_000);
    TestPostgres.Database source = bench.database("source");
    TestPostgres.Database storage = bench.database("storage");
    SnapshotBenchmark.createItems(source, rows);
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (LibertyServer server =
        bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET).start()) {
      Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
      storage.execute("VACUUM ANALYZE powersync.bucket_data");
      together(server, clients, rows); // warms up
      for (int run = 0; run < runs; run++) {
        yardstick.add(rows / DownloadBenchmark.download(server, rows));
        work.add((double) CLIENTS * rows / together(server, clients, rows));
      }
    } finally {
      clients.shutdownNow();
    }
    return List.of(
        new Figure("P6", "download by 50 clients at once, against one", "ops/s", work, yardstick));
  }

  private static double together(LibertyServer server, ExecutorService clients, int rows)
      throws Exception {
    long start = System.nanoTime();
    List<Future<Double>> downloads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      downloads.add(clients.submit(() -> DownloadBenchmark.download(server, rows)));
    }
    for (Future<Double> download : downloads) {
      download.get();
    }
    return Bench.seconds(start);
  }
}
