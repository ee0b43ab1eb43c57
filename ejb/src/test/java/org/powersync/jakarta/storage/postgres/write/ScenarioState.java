package org.powersync.jakarta.storage.postgres.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;

/** Compares the tables of a database with the full contents that a scenario file records. */
public final class ScenarioState {
  /** How to read each table in the form of the files: bytes in hex, times masked. */
  private static final Map<String, String> QUERIES =
      Map.of(
          "sync_rules",
          """
          SELECT id, state, snapshot_done, snapshot_lsn, last_checkpoint, last_checkpoint_lsn,
                 no_checkpoint_before, keepalive_op, last_fatal_error, storage_version,
                 regexp_replace(slot_name, '[0-9a-f]{4}$', '<4 hex>') AS slot_name,
                 CASE WHEN last_checkpoint_ts IS NOT NULL THEN '<timestamp>' END
                   AS last_checkpoint_ts,
                 CASE WHEN last_keepalive_ts IS NOT NULL THEN '<timestamp>' END
                   AS last_keepalive_ts
            FROM powersync.sync_rules ORDER BY id""",
          "bucket_data",
          """
          SELECT group_id, bucket_name, op_id, op, source_table,
                 encode(source_key, 'hex') AS source_key_hex, table_name, row_id, checksum, data,
                 target_op
            FROM powersync.bucket_data ORDER BY group_id, op_id""",
          "bucket_parameters",
          """
          SELECT id, group_id, source_table, encode(source_key, 'hex') AS source_key_hex,
                 encode(lookup, 'hex') AS lookup_hex, bucket_parameters
            FROM powersync.bucket_parameters ORDER BY id""",
          "current_data",
          currentData("current_data", ""),
          "v3_current_data",
          currentData("v3_current_data", ", pending_delete"),
          "source_tables",
          """
          SELECT id, group_id, connection_id, relation_id, schema_name, table_name,
                 replica_id_columns, snapshot_done, snapshot_total_estimated_count,
                 snapshot_replicated_count, encode(snapshot_last_key, 'hex')
                   AS snapshot_last_key_hex, source_metadata
            FROM powersync.source_tables ORDER BY id""");

  private ScenarioState() {}

  private static String currentData(String table, String more) {
    return """
    SELECT group_id, source_table, encode(source_key, 'hex') AS source_key_hex, buckets,
           encode(data, 'hex') AS data_hex,
           (SELECT coalesce(json_agg(encode(l, 'hex')), '[]') FROM unnest(lookups) AS l)
             AS lookups_hex%s
      FROM powersync.%s ORDER BY source_table, source_key"""
        .formatted(more, table);
  }

  /** Fails unless every table of the recorded state has exactly these rows. */
  public static void check(WriterDatabase database, JsonNode state) {
    check(database::rows, database.storageVersion(), state);
  }

  /** The same, given how to run a query. */
  public static void check(
      Function<String, ? extends Iterable<JsonNode>> rows, int storageVersion, JsonNode state) {
    for (Iterator<Map.Entry<String, JsonNode>> tables = state.fields(); tables.hasNext(); ) {
      Map.Entry<String, JsonNode> table = tables.next();
      if (table.getKey().equals("op_id_sequence")) {
        assertThat(rows.apply("SELECT last_value, is_called FROM powersync.op_id_sequence"))
            .as("op_id_sequence")
            .containsExactly(table.getValue());
      } else if (!table.getKey().equals("v3_current_data") || storageVersion == 3) {
        assertThat(rows.apply(QUERIES.get(table.getKey())))
            .as(table.getKey())
            .containsExactlyElementsOf(table.getValue());
      }
    }
  }
}
