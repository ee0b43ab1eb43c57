package org.powersync.jakarta.bench;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** P12: one transaction of a million rows, with the heap that every benchmark's server has. */
final class LargeTransactionBenchmark implements Benchmark {
  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int rows = bench.scaled(1_000_000);
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TestPostgres.Database source = bench.database("source");
      TestPostgres.Database storage = bench.database("storage");
      SnapshotBenchmark.createItems(source, 1000);
      try (LibertyServer server = bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET)) {
        server.start();
        Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
        long start = System.nanoTime();
        source.execute(
            "INSERT INTO items SELECT 1000 + n, 'user' || n % 1000, rpad(md5(n::text), 150, 'x')"
                + " FROM generate_series(1, "
                + rows
                + ") n");
        Bench.await(
            storage,
            "SELECT last_checkpoint >= "
                + (1000 + rows)
                + " FROM powersync.sync_rules WHERE state = 'ACTIVE'");
        work.add(rows / Bench.seconds(start));
        server.kill();
      }
      Bench.check(
          "operations stored",
          1000 + rows,
          Bench.count(storage, "SELECT count(*) FROM powersync.bucket_data"));
      yardstick.add(rows / CopyYardstick.copyBoth(storage));
    }
    return List.of(
        new Figure("P12", "one transaction of " + rows + " rows", "rows/s", work, yardstick));
  }
}
