package org.powersync.jakarta.bench;

import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.storage.BucketChecksum;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReadLimits;
import org.powersync.jakarta.storage.postgres.Clearing;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.compact.PostgresCompaction;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.read.CheckpointWatch;
import org.powersync.jakarta.storage.postgres.read.PostgresBucketReader;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * S10M: ten million operations, written in turn to one bucket of 40 %, a thousand of 0.03 % and
 * thirty thousand of a hundred operations; then first checksums, compaction and clearing. Verified:
 * checksums and the rows that clients hold stay, another stream loses nothing, and no statement of
 * the product reads the table sequentially. Prints the plans that were used. The yardstick of
 * reading is a plain sum over the table, that of compaction and clearing the loading of the rows.
 */
final class LargeStorageBenchmark implements Benchmark {
  private static final int OPERATIONS = 10_000_000;
  private static final int CHUNK = 500_000;
  private static final int MEDIUM_BUCKETS = 1_000;
  private static final int SMALL_BUCKET = 100;
  private static final int OTHER_STREAM = 1_000;
  private static final GroupId STREAM = new GroupId(1);
  private static final BucketName LARGE = new BucketName("1#all[]");

  /** {@code n} is the operation's id; out of ten, four are of the large bucket. */
  private static final String FILL =
      """
      INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table, source_key,
             table_name, row_id, checksum, data)
      SELECT 1, bucket, n, 'PUT', '0b5a0b6a-3c53-4f6f-8a3e-0f5a3c1f2d11',
             uuid_send(md5(r::text)::uuid), 'notes', r::text, hashint8(n)::bigint & 4294967295,
             '{"id":"' || r || '","body":"' || repeat('x', 100) || '"}'
        FROM (SELECT n,
                     CASE WHEN n %% 10 < 4 THEN '1#all[]'
                          WHEN n %% 10 < 7 THEN '1#m[' || n / 10 %% %1$d || ']'
                          ELSE '1#s[' || n / 10 %% %2$d || ']' END AS bucket,
                     CASE WHEN n %% 10 < 4 THEN (hashint8(n)::bigint & 1073741823) %% %3$d
                          WHEN n %% 10 < 7 THEN n / 10 / %1$d %% 100
                          ELSE n / 10 / %2$d %% 10 END AS r
                FROM generate_series(%4$d, %5$d) AS n) AS numbered
      """;

  private static final String HELD =
      "SELECT count(*) FROM (SELECT DISTINCT bucket_name, row_id FROM powersync.bucket_data"
          + " WHERE group_id = 1 AND op = 'PUT') AS held";

  private static final String SEQUENTIAL_READS =
      "SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'powersync.bucket_data'::regclass";

  private record Times(List<Double> work, List<Double> yardstick) {}

  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    Map<String, Times> times = new LinkedHashMap<>();
    for (int run = 0; run < runs; run++) {
      new Run(bench.database("large"), bench.scaled(OPERATIONS), times).all();
    }
    List<Figure> figures = new ArrayList<>();
    times.forEach(
        (name, of) -> figures.add(new Figure("S10M", name, "s", of.work(), of.yardstick())));
    return figures;
  }

  /** What is measured. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws SQLException;
  }

  private static final class Run {
    private final TestPostgres.Database database;
    private final int operations;
    private final int smallBuckets;
    private final Map<String, Times> times;
    private final ExplainedConnections explained;
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final StorageResources resources;

    Run(TestPostgres.Database database, int operations, Map<String, Times> times) {
      this.database = database;
      this.operations = operations;
      this.smallBuckets = operations * 3 / 10 / SMALL_BUCKET;
      this.times = times;
      this.explained = new ExplainedConnections(database);
      this.resources = new StorageResources(explained.dataSource(), new NoEntities(), scheduler);
    }

    void all() throws SQLException {
      try {
        double loading = load();
        Map<BucketName, BucketChecksum> before = read();
        compact(loading, before);
        clear(loading);
      } finally {
        scheduler.shutdownNow();
      }
    }

    private double load() throws SQLException {
      new SchemaMigration(database.dataSource()).migrate();
      long start = System.nanoTime();
      for (int first = 1; first <= operations; first += CHUNK) {
        database.execute(
            FILL.formatted(
                MEDIUM_BUCKETS,
                smallBuckets,
                operations / 25,
                first,
                Math.min(operations, first + CHUNK - 1)));
      }
      double seconds = Bench.seconds(start);
      database.execute(
          "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum)"
              + " SELECT 2, '2#all[]', n, 'PUT', 1 FROM generate_series(1, "
              + OTHER_STREAM
              + ") AS n",
          "INSERT INTO powersync.sync_rules (id, state, snapshot_done, last_checkpoint,"
              + " last_checkpoint_lsn, slot_name, content, storage_version) VALUES (1, 'ACTIVE',"
              + " true, "
              + operations
              + ", '00000000/00000001', 'bench', 'bucket_definitions: {}', 2)",
          "SELECT setval('powersync.op_id_sequence', " + operations + ")",
          "VACUUM ANALYZE powersync.bucket_data");
      System.out.printf(
          "%,d operations loaded in %.1f s, %,d MB%n",
          operations,
          seconds,
          Bench.count(database, "SELECT pg_total_relation_size('powersync.bucket_data')") >> 20);
      return seconds;
    }

    private Map<BucketName, BucketChecksum> read() throws SQLException {
      long start = System.nanoTime();
      Bench.count(database, "SELECT sum(checksum)::bigint FROM powersync.bucket_data");
      double sum = Bench.seconds(start);
      long sequentialReads = Bench.count(database, SEQUENTIAL_READS);
      List<BucketName> medium = names(MEDIUM_BUCKETS, "1#m[%d]");
      List<BucketName> small = names(Math.min(1000, smallBuckets), "1#s[%d]");
      BucketReader reader = reader();
      Map<BucketName, BucketChecksum> checksums = new TreeMap<>();
      for (List<BucketName> buckets : List.of(List.of(LARGE), medium, small)) {
        String name = "first checksums, " + buckets.size() + " × " + buckets.get(0);
        checksums.putAll(measure(name, sum, () -> reader.checksums(checkpoint(), buckets)));
      }
      plans("first checksums");
      List<BucketName> all = List.copyOf(checksums.keySet());
      Map<BucketName, BucketChecksum> again =
          measure(
              "the same on another node, totals known",
              sum,
              () -> reader().checksums(checkpoint(), all));
      Bench.check("checksums from totals", 1, again.equals(checksums) ? 1 : 0);
      plans("totals known");
      int operationsRead =
          measure(
              "first 1 000 operations of 1 000 buckets",
              sum,
              () ->
                  reader
                      .read(
                          checkpoint(),
                          medium.stream().map(name -> new BucketPosition(name, OpId.ZERO)).toList(),
                          ReadLimits.DEFAULT)
                      .stream()
                      .mapToInt(chunk -> chunk.operations().size())
                      .sum());
      Bench.check("operations read", ReadLimits.DEFAULT.rows(), operationsRead);
      plans("reading");
      Bench.check("sequential reads", sequentialReads, Bench.count(database, SEQUENTIAL_READS));
      return checksums;
    }

    private void compact(double loading, Map<BucketName, BucketChecksum> before)
        throws SQLException {
      long held = Bench.count(database, HELD);
      long sequentialReads = Bench.count(database, SEQUENTIAL_READS);
      CompactionReport report = measure("compaction of everything", loading, this::compactOnce);
      System.out.println(report);
      plans("compaction");
      Map<BucketName, BucketChecksum> after = reader().checksums(checkpoint(), before.keySet());
      before.forEach(
          (name, checksum) ->
              Bench.check("checksum of " + name, checksum.checksum(), after.get(name).checksum()));
      for (BucketName name : names(10, "1#m[%d]")) {
        database.execute(
            "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, source_table,"
                + " source_key, table_name, row_id, checksum, data) SELECT group_id, bucket_name,"
                + " nextval('powersync.op_id_sequence'), op, source_table, source_key, table_name,"
                + " row_id, checksum, data FROM powersync.bucket_data WHERE group_id = 1 AND"
                + " bucket_name = '"
                + name
                + "' AND op = 'PUT'");
      }
      database.execute(
          "UPDATE powersync.sync_rules SET last_checkpoint ="
              + " (SELECT last_value FROM powersync.op_id_sequence)");
      CompactionReport second =
          measure("compaction after 10 buckets changed", loading, this::compactOnce);
      Bench.check("buckets that changed", 10, second.buckets());
      plans("second compaction");
      Bench.check("sequential reads", sequentialReads, Bench.count(database, SEQUENTIAL_READS));
      Bench.check("rows that clients hold", held, Bench.count(database, HELD));
    }

    private void clear(double loading) throws SQLException {
      long sequentialReads = Bench.count(database, SEQUENTIAL_READS);
      long rows = Bench.count(database, "SELECT count(*) FROM powersync.bucket_data");
      System.out.printf("%,d rows to clear%n", rows - OTHER_STREAM);
      long counted = Bench.count(database, SEQUENTIAL_READS) - sequentialReads;
      measure(
          "clearing what compaction left",
          loading,
          () -> {
            new Clearing(resources.sql(), STREAM, 2).run(() -> false);
            return null;
          });
      plans("clearing");
      Bench.check(
          "sequential reads", sequentialReads + counted, Bench.count(database, SEQUENTIAL_READS));
      Bench.check(
          "rows left",
          OTHER_STREAM,
          Bench.count(database, "SELECT count(*) FROM powersync.bucket_data"));
    }

    private CompactionReport compactOnce() {
      return new PostgresCompaction(resources)
          .compact(
              STREAM,
              CompactionOptions.DEFAULT.withParameters(false, Duration.ofMinutes(15)),
              () -> false);
    }

    private <T> T measure(String name, double yardstick, Work<T> work) throws SQLException {
      long start = System.nanoTime();
      T result = work.run();
      double seconds = Bench.seconds(start);
      System.out.printf("%s: %.3f s%n", name, seconds);
      Times of = times.computeIfAbsent(name, n -> new Times(new ArrayList<>(), new ArrayList<>()));
      of.work().add(seconds);
      of.yardstick().add(yardstick);
      return result;
    }

    private void plans(String during) {
      explained
          .take()
          .forEach(
              (statement, plan) -> {
                if (statement.contains("bucket_data") || statement.contains("x_")) {
                  System.out.printf("-- %s: %s%n%s%n%n", during, statement, plan);
                }
              });
    }

    private OpId checkpoint() {
      return new OpId(operations);
    }

    /** A reader with an empty cache, as another node has it, which remembers totals at once. */
    private BucketReader reader() {
      CheckpointWatch unused =
          new CheckpointWatch(resources.sql(), database::connect, Thread::new, Duration.ofDays(1));
      return PostgresBucketReader.of(
          resources.sql(),
          STREAM,
          unused,
          new OwnCommits(),
          Duration.ofHours(1),
          InstantSource.system(),
          Runnable::run);
    }

    private static List<BucketName> names(int count, String pattern) {
      return IntStream.range(0, count).mapToObj(i -> new BucketName(pattern.formatted(i))).toList();
    }
  }

  /** What is measured needs SQL only. */
  private static final class NoEntities implements EntityTransactions {
    @Override
    public <T> T call(String doing, Function<EntityManager, T> work) {
      throw new UnsupportedOperationException(doing);
    }
  }
}
