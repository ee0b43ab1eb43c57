package org.powersync.jakarta.bench;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P1: the first copy of a table of a million rows into one bucket, from the moment the sync config
 * is deployed to its first checkpoint.
 */
final class SnapshotBenchmark implements Benchmark {
  static final String ONE_BUCKET =
      """
      config:
        edition: 2
      bucket_definitions:
        all_rows:
          data:
            - SELECT * FROM items
      """;

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int rows = bench.scaled(1_000_000);
    TestPostgres.Database source = bench.database("source");
    createItems(source, rows);
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TestPostgres.Database storage = bench.database("storage");
      try (LibertyServer server = bench.server(source, storage, ONE_BUCKET).start()) {
        Bench.await(storage, "SELECT count(*) > 0 FROM powersync.sync_rules");
        long start = System.nanoTime();
        Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
        work.add(rows / Bench.seconds(start));
        server.kill();
      }
      Bench.check(
          "operations stored",
          rows,
          Bench.count(storage, "SELECT count(*) FROM powersync.bucket_data"));
      Bench.check(
          "row copies stored",
          rows,
          Bench.count(storage, "SELECT count(*) FROM powersync.current_data"));
      yardstick.add(rows / CopyYardstick.copyBoth(storage));
    }
    return List.of(
        new Figure("P1", "snapshot of " + rows + " rows, one bucket", "rows/s", work, yardstick));
  }

  /** The source table of the benchmarks: bigint key, owner, 150 characters of text. */
  static void createItems(TestPostgres.Database source, int rows) {
    source.execute(
        "CREATE TABLE items (id bigint PRIMARY KEY, owner text NOT NULL, body text NOT NULL)",
        "INSERT INTO items SELECT n, 'user' || n % 1000, rpad(md5(n::text), 150, md5((n *"
            + " 7)::text)) FROM generate_series(1, "
            + rows
            + ") n",
        "CREATE PUBLICATION powersync FOR TABLE items",
        "VACUUM ANALYZE items");
  }
}
