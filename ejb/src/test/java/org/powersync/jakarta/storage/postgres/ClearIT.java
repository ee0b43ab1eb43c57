package org.powersync.jakarta.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.StreamState;

class ClearIT {
  private static final String LEFT =
      "SELECT (SELECT count(*) FROM powersync.bucket_data WHERE group_id = ?) AS data,"
          + " (SELECT count(*) FROM powersync.bucket_parameters WHERE group_id = ?) AS parameters,"
          + " (SELECT count(*) FROM powersync.%s WHERE group_id = ?) AS current,"
          + " (SELECT count(*) FROM powersync.source_tables WHERE group_id = ?) AS tables";

  private final StorageFixture fixture = new StorageFixture("clear");
  private final PostgresBucketStorageProvider provider = fixture.provider();

  @BeforeEach
  void fillTwoStreams() {
    provider.deploy(new Deployment("a", Optional.empty(), OptionalInt.of(2)));
    provider.deploy(new Deployment("b", Optional.empty(), OptionalInt.of(3)));
    for (int stream = 1; stream <= 2; stream++) {
      String current = stream == 1 ? "current_data" : "v3_current_data";
      fixture
          .database()
          .execute(
              "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum)"
                  + " SELECT "
                  + stream
                  + ", 'b' || n % 7, n, 'PUT', 1"
                  + " FROM generate_series(1, 1000) n",
              "INSERT INTO powersync.bucket_parameters"
                  + " SELECT nextval('powersync.op_id_sequence'), "
                  + stream
                  + ", 't' || n % 3, int4send(n % 50), int4send(n), '[]'"
                  + " FROM generate_series(1, 1000) n",
              "INSERT INTO powersync."
                  + current
                  + " (group_id, source_table, source_key, buckets, data, lookups)"
                  + " SELECT "
                  + stream
                  + ", 't' || n % 3, int4send(n), '[]', '', '{}'"
                  + " FROM generate_series(1, 1000) n",
              "INSERT INTO powersync.source_tables (id, group_id, connection_id, schema_name,"
                  + " table_name) SELECT n || 'of"
                  + stream
                  + "', "
                  + stream
                  + ", 1, 'public', 't' || n FROM generate_series(1, 10) n");
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 999, 1000, 1001})
  void everyRoundSizeDeletesAllRowsOfTheStreamOnly(int rows) {
    new Clearing(fixture.resources().sql(), new GroupId(1), 2, rows).run(() -> false);

    assertThat(left(1, "current_data")).allMatch(count -> count.asInt() == 0);
    assertThat(left(2, "v3_current_data").get("data").asInt()).isEqualTo(1000);
    assertThat(left(2, "v3_current_data").get("tables").asInt()).isEqualTo(10);
  }

  @Test
  void abortedClearingKeepsWhatItDidAndCanBeRepeated() {
    AtomicInteger rounds = new AtomicInteger();
    Clearing clearing = new Clearing(fixture.resources().sql(), new GroupId(1), 2, 100);
    assertThatThrownBy(() -> clearing.run(() -> rounds.incrementAndGet() > 4))
        .hasMessageContaining("PSYNC_S1103");
    assertThat(left(1, "current_data").get("data").asInt()).isEqualTo(600);
    clearing.run(() -> false);
    assertThat(left(1, "current_data").get("data").asInt()).isZero();
  }

  @Test
  void terminatedStreamForgetsItsProgressButKeepsItsRow() {
    fixture
        .database()
        .execute(
            "UPDATE powersync.sync_rules SET snapshot_done = true, last_checkpoint = 5,"
                + " last_checkpoint_lsn = '0/5', no_checkpoint_before = '0/4', keepalive_op = 3"
                + " WHERE id = 2");
    BucketStorage storage = provider.storage(provider.deploying().get());
    storage.terminate(true, () -> false);

    assertThat(left(2, "v3_current_data")).allMatch(count -> count.asInt() == 0);
    assertThat(storage.status().state()).isEqualTo(StreamState.TERMINATED);
    assertThat(storage.status().lastCheckpoint()).isEmpty();
    assertThat(storage.status().noCheckpointBefore()).isEmpty();
    assertThat(fixture.rows("SELECT keepalive_op FROM powersync.sync_rules WHERE id = 2").get(0))
        .allMatch(op -> op.asInt() == 3);
  }

  @Test
  void clearingWithoutTheTableOfVersionThreeIsNoFailure() {
    fixture.database().execute("DROP TABLE powersync.v3_current_data");
    provider.storage(provider.deploying().get()).clear(() -> false);
    assertThat(fixture.rows("SELECT 1 FROM powersync.bucket_data WHERE group_id = 2")).isEmpty();
  }

  private JsonNode left(int stream, String current) {
    return fixture.rows(LEFT.formatted(current), stream, stream, stream, stream).get(0);
  }
}
