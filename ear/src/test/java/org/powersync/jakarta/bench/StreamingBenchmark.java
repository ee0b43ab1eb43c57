package org.powersync.jakarta.bench;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P3: updates in transactions of 100 rows, written while the server is down, so that only reading
 * them counts: from the moment the server takes up the slot until a checkpoint covers the last one.
 */
final class StreamingBenchmark implements Benchmark {
  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int rows = bench.scaled(200_000);
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TestPostgres.Database source = bench.database("source");
      TestPostgres.Database storage = bench.database("storage");
      SnapshotBenchmark.createItems(source, rows);
      source.execute(
          """
          CREATE PROCEDURE update_all(rows int) LANGUAGE plpgsql AS $$
          BEGIN
            FOR i IN 0 .. (rows / 100) - 1 LOOP
              UPDATE items SET body = rpad(md5(id::text || 'new'), 150, 'x')
               WHERE id > i * 100 AND id <= (i + 1) * 100;
              COMMIT;
            END LOOP;
          END $$
          """);
      try (LibertyServer server = bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET)) {
        server.start();
        Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
        server.stop();
        source.execute("SET synchronous_commit = off", "CALL update_all(" + rows + ")");
        long before = Bench.count(storage, "SELECT count(*) FROM powersync.bucket_data");
        server.start();
        Bench.await(
            source,
            "SELECT bool_or(active) FROM pg_replication_slots"
                + " WHERE database = current_database()");
        long start = System.nanoTime();
        Bench.await(
            storage,
            "SELECT last_checkpoint >= (SELECT max(op_id) FROM powersync.bucket_data)"
                + " AND (SELECT count(*) FROM powersync.bucket_data WHERE op_id > 0) = "
                + (before + rows / 100 * 100)
                + " FROM powersync.sync_rules WHERE state = 'ACTIVE'");
        work.add(rows / Bench.seconds(start));
        server.kill();
      }
      // Only the operations of the updates are the yardstick's work.
      storage.execute(
          "DELETE FROM powersync.bucket_data WHERE op_id <= " + rows,
          "VACUUM ANALYZE powersync.bucket_data");
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
