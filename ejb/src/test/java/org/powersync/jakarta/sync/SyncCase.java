package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The harness of the sync cases: rows are saved through a real sync config into storage in memory,
 * with real checksums; one client streams.
 */
final class SyncCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  final StreamScenario scenario = new StreamScenario();
  private final DeployedSyncConfig config;

  SyncCase(String yaml) {
    config =
        SyncConfig.load(yaml, "public").config().orElseThrow().deployed(BucketNaming.versioned(1));
    scenario.config(config);
  }

  /** Writes one row operation; columns in order, {@code id} first. */
  SyncCase save(String table, String id, String... columns) {
    for (BucketRow row : evaluator(table).data(row(id, columns)).results()) {
      String data = new String(row.data().json(), StandardCharsets.UTF_8);
      scenario.storage.put(
          row.bucket().value(),
          row.table(),
          row.id(),
          checksum("put." + row.table() + "." + row.id() + "." + data),
          data);
    }
    for (ParameterEntry entry : evaluator(table).parameters(row(id, columns)).results()) {
      scenario.storage.parameter(entry.lookup(), entry.rows());
      scenario.storage.skipOp(entry.lookup());
    }
    return this;
  }

  SyncCase delete(String table, String id, String... columns) {
    for (BucketRow row : evaluator(table).data(row(id, columns)).results()) {
      scenario.storage.remove(
          row.bucket().value(), row.table(), row.id(), checksum("delete.S" + row.id()));
    }
    return this;
  }

  private TableEvaluator evaluator(String table) {
    return config.evaluator(TableName.of("public", table));
  }

  private static SourceRow row(String id, String... columns) {
    List<String> names = new ArrayList<>(List.of("id"));
    List<SqlValue> values = new ArrayList<>(List.of(SqlValue.of(id)));
    for (int i = 0; i < columns.length; i += 2) {
      names.add(columns[i]);
      values.add(SqlValue.of(columns[i + 1]));
    }
    return SourceRow.of(names, values);
  }

  static long checksum(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Integer.toUnsignedLong(ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).getInt());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  SyncCase commit(String lsn) {
    scenario.storage.commit(lsn);
    return this;
  }

  /** Something that happens a second after the one before. */
  SyncCase later(int second, Runnable what) {
    scenario.at(Duration.ofSeconds(second), what);
    return this;
  }

  SyncCase request(String json) {
    scenario.request(json);
    return this;
  }

  /** The lines in short notation, without keepalives. */
  List<String> transcript() throws IOException, InterruptedException {
    return Transcript.of(scenario.linesOfRun());
  }

  /** The lines of a type. */
  List<JsonNode> lines(String type) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : scenario.lines) {
      JsonNode node = JSON.readTree(line);
      if (node.has(type)) {
        lines.add(node.get(type));
      }
    }
    return lines;
  }

  /** The first checkpoint line. */
  JsonNode checkpoint() throws IOException {
    List<JsonNode> checkpoints = lines("checkpoint");
    assertThat(checkpoints).hasSize(1);
    return checkpoints.get(0);
  }

  /** Buckets of a line as {@code name checksum count priority reasons}. */
  static List<String> buckets(JsonNode buckets) {
    List<String> described = new ArrayList<>();
    buckets.forEach(
        b ->
            described.add(
                b.get("bucket").asText()
                    + " "
                    + b.get("checksum")
                    + " "
                    + b.get("count")
                    + " p"
                    + b.get("priority")
                    + " "
                    + b.get("subscriptions")));
    return described;
  }

  /** The object ids of all operations received, in order. */
  List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    for (JsonNode line : lines("data")) {
      line.get("data").forEach(op -> ids.add(op.path("object_id").asText()));
    }
    return ids;
  }
}
