package org.powersync.jakarta.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P1, P2: the first copy of a table of a million rows, from the moment the sync config is deployed
 * to its first checkpoint, by a server that has copied a smaller table before.
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
  private static final String BY_OWNER =
      """
      config:
        edition: 2
      bucket_definitions:
        by_owner:
          parameters: SELECT request.user_id() AS user_id
          data:
            - SELECT * FROM items WHERE owner = bucket.user_id
      """;

  private final String id;
  private final String what;
  private final String syncConfig;

  private SnapshotBenchmark(String id, String what, String syncConfig) {
    this.id = id;
    this.what = what;
    this.syncConfig = syncConfig;
  }

  static SnapshotBenchmark oneBucket() {
    return new SnapshotBenchmark("P1", "one bucket", ONE_BUCKET);
  }

  static SnapshotBenchmark bucketsByOwner() {
    return new SnapshotBenchmark("P2", "1000 buckets", BY_OWNER);
  }

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int rows = bench.scaled(1_000_000);
    TestPostgres.Database source = bench.database("source");
    createItems(source, rows);
    source.execute(
        "CREATE TABLE warm_up (LIKE items INCLUDING ALL)",
        "INSERT INTO warm_up SELECT * FROM items WHERE id <= " + rows / 4,
        "ALTER PUBLICATION powersync ADD TABLE warm_up",
        "VACUUM ANALYZE warm_up");
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TestPostgres.Database storage = bench.database("storage");
      try (LibertyServer server = bench.server(source, storage, Optional.empty()).start()) {
        Bench.await(storage, "SELECT count(*) = 0 FROM powersync.sync_rules");
        Bench.deploy(server, syncConfig.replace("items", "warm_up"));
        Bench.await(storage, "SELECT state = 'ACTIVE' FROM powersync.sync_rules WHERE id = 1");
        long start = System.nanoTime();
        Bench.deploy(server, syncConfig);
        Bench.await(storage, "SELECT state = 'ACTIVE' FROM powersync.sync_rules WHERE id = 2");
        work.add(rows / Bench.seconds(start));
        Bench.await(storage, "SELECT state = 'TERMINATED' FROM powersync.sync_rules WHERE id = 1");
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
      source.execute(
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
      bench.drop(storage);
    }
    return List.of(
        new Figure(id, "snapshot of " + rows + " rows, " + what, "rows/s", work, yardstick));
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
