package org.powersync.jakarta.bench;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** P3: updates in transactions of 100 rows, written while the server is down. */
final class StreamingBenchmark implements Benchmark {
  private static final String UPDATE_ALL =
      """
      CREATE PROCEDURE update_all(rows int, change text) LANGUAGE plpgsql AS $$
      BEGIN
        FOR i IN 0 .. (rows / 100) - 1 LOOP
          UPDATE items SET body = rpad(md5(id::text || change), 150, 'x')
           WHERE id > i * 100 AND id <= (i + 1) * 100;
          COMMIT;
        END LOOP;
      END $$
      """;

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int rows = bench.scaled(200_000) / 100 * 100;
    int warmUp = rows / 2 / 100 * 100;
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TestPostgres.Database source = bench.database("source");
      TestPostgres.Database storage = bench.database("storage");
      SnapshotBenchmark.createItems(source, rows);
      source.execute(UPDATE_ALL);
      try (LibertyServer server = bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET)) {
        server.start();
        Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
        server.stop();
        source.execute(
            "SET synchronous_commit = off",
            "CALL update_all(" + warmUp + ", 'warm')",
            "CALL update_all(" + rows + ", 'new')");
        long before = Bench.count(storage, "SELECT max(op_id) FROM powersync.bucket_data");
        work.add(new Backlog(warmUp, rows).follow(server, storage, before));
        server.kill();
        // Only as many operations as were measured are the yardstick's work.
        storage.execute(
            "DELETE FROM powersync.bucket_data WHERE op_id <= " + (before + warmUp),
            "VACUUM ANALYZE powersync.bucket_data");
      }
      yardstick.add(rows / CopyYardstick.copyAndUpsert(storage, 2000));
    }
    return List.of(
        new Figure(
            "P3",
            "streaming of " + rows + " updates, 100 a transaction",
            "rows/s",
            work,
            yardstick));
  }
}
