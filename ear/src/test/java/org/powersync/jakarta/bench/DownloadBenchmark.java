package org.powersync.jakarta.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * P5: one client downloads a bucket of a million operations and throws them away, against COPY of
 * the same columns read by the same JVM.
 */
final class DownloadBenchmark implements Benchmark {
  @Override
  public List<Figure> run(Bench bench, int runs) throws Exception {
    int rows = bench.scaled(1_000_000);
    TestPostgres.Database source = bench.database("source");
    TestPostgres.Database storage = bench.database("storage");
    SnapshotBenchmark.createItems(source, rows);
    List<Double> work = new ArrayList<>();
    List<Double> yardstick = new ArrayList<>();
    try (LibertyServer server =
        bench.server(source, storage, SnapshotBenchmark.ONE_BUCKET).start()) {
      Bench.await(storage, "SELECT bool_or(state = 'ACTIVE') FROM powersync.sync_rules");
      storage.execute("VACUUM ANALYZE powersync.bucket_data");
      download(server, rows); // warms up
      for (int run = 0; run < runs; run++) {
        work.add(rows / download(server, rows));
        yardstick.add(rows / copy(storage));
      }
    }
    return List.of(
        new Figure(
            "P5", "download of " + rows + " operations, one client", "ops/s", work, yardstick));
  }

  /** Seconds that one client takes. */
  static double download(LibertyServer server, int rows) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/sync/stream"))
            .header("Authorization", "Token " + Tokens.user("bench"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"raw_data\":true}"))
            .build();
    long start = System.nanoTime();
    HttpResponse<InputStream> response =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      long operations = OperationCounter.untilComplete(body);
      Bench.check("operations received", rows, operations);
    }
    return Bench.seconds(start);
  }

  private static double copy(TestPostgres.Database storage) throws SQLException, IOException {
    try (Connection connection = storage.connect()) {
      long start = System.nanoTime();
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "COPY (SELECT op_id, op, source_table, source_key, table_name, row_id, checksum, data"
                  + " FROM powersync.bucket_data ORDER BY op_id) TO STDOUT",
              OutputStream.nullOutputStream());
      return Bench.seconds(start);
    }
  }

  /** Counts operations in NDJSON by their first member, without parsing. */
  static final class OperationCounter {
    private static final byte[] OPERATION = "{\"op_id\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMPLETE =
        "{\"checkpoint_complete\":".getBytes(StandardCharsets.US_ASCII);

    private OperationCounter() {}

    static long untilComplete(InputStream body) throws IOException {
      byte[] buffer = new byte[1 << 16];
      long operations = 0;
      int operationAt = 0;
      int completeAt = 0;
      while (true) {
        int read = body.read(buffer);
        if (read < 0) {
          throw new IOException("stream ended after " + operations + " operations");
        }
        for (int i = 0; i < read; i++) {
          byte each = buffer[i];
          operationAt = each == OPERATION[operationAt] ? operationAt + 1 : each == '{' ? 1 : 0;
          if (operationAt == OPERATION.length) {
            operations++;
            operationAt = 0;
          }
          completeAt = each == COMPLETE[completeAt] ? completeAt + 1 : each == '{' ? 1 : 0;
          if (completeAt == COMPLETE.length) {
            return operations;
          }
        }
      }
    }
  }
}
