package org.powersync.jakarta.storage.postgres.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.powersync.jakarta.storage.postgres.write.Rows.insert;
import static org.powersync.jakarta.storage.postgres.write.Rows.row;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.storage.CheckpointSubscription;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.TooManyRowsException;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Cases of the storage list that need streams of edition 3, a broken listening connection or a
 * large stream; {@link StorageCaseIdsTest} says where the others are.
 */
class StorageCasesIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static String streams(String queries) {
    return "config:\n  edition: 3\nstreams:\n" + queries;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void p11Streams(int version) {
    String config =
        streams(
            """
              stream:
                auto_subscribe: true
                query: SELECT data.* FROM test AS data, test AS param WHERE data.foo = param.bar AND param.baz = auth.user_id()
            """);
    try (StorageCase c = new StorageCase(version, config).done("1/1")) {
      c.save(insert(c.table("test"), row("id", "t1", "baz", "baz", "bar", "bar")));
      c.commit("1/1");
      ParameterLookup lookup = lookup("0", "baz");
      assertThat(texts(c.reader().lookups(c.checkpoint(), List.of(lookup), 10), lookup))
          .containsExactly("{\"0\":\"bar\"}");
      assertThat(buckets(c, "baz"))
          .singleElement()
          .satisfies(found -> assertThat(found.bucket().value()).endsWith("[\"bar\"]"));
    }
  }

  @Test
  void p12Limit() {
    String config =
        streams(
            """
              stream:
                auto_subscribe: true
                query: SELECT * FROM a WHERE id IN (SELECT id FROM b)
            """);
    try (StorageCase c = new StorageCase(2, config).done("1/1")) {
      for (int i = 0; i < 10; i++) {
        c.save(insert(c.table("b"), row("id", "b" + i)));
      }
      c.commit("1/1");
      List<ParameterLookup> lookups = List.of(new ParameterLookup("lookup", "0", List.of()));
      assertThatThrownBy(() -> c.reader().lookups(c.checkpoint(), lookups, 5))
          .hasMessageContaining("Too many parameter results (limit was 5)");
    }
  }

  @Test
  void p14SeveralLookupsInOneCall() {
    String config =
        streams(
            """
              a:
                auto_subscribe: true
                query: SELECT * FROM data_a WHERE id IN (SELECT id FROM param_a WHERE u = auth.user_id())
              b:
                auto_subscribe: true
                query: SELECT * FROM data_b WHERE id IN (SELECT id FROM param_b WHERE u = auth.user_id())
            """);
    try (StorageCase c = new StorageCase(2, config).done("1/1")) {
      c.save(
          insert(c.table("param_a", "31"), row("id", "id", "u", "user")),
          insert(c.table("param_b", "32"), row("id", "id", "u", "user")));
      c.commit("1/1");
      List<ParameterLookup> lookups = List.of(lookup("0", "user"), lookup("1", "user"));
      Map<ParameterLookup, List<OutputRow>> found = c.reader().lookups(c.checkpoint(), lookups, 10);
      assertThat(found).hasSize(2);
      assertThatThrownBy(() -> c.reader().lookups(c.checkpoint(), lookups, 1))
          .isInstanceOfSatisfying(
              TooManyRowsException.class,
              e -> {
                assertThat(e.found()).isEqualTo(Map.of(lookups.get(0), 1, lookups.get(1), 1));
                assertThat(e.last()).isEqualTo(lookups.get(1));
              });
      lookups.forEach(lookup -> assertThat(texts(found, lookup)).containsExactly("{\"0\":\"id\"}"));
    }
  }

  @Test
  void n1AndN3CatchUpWithoutDuplicates() throws Exception {
    try (StorageCase c = new StorageCase(2, StorageCase.E).done("1/0")) {
      c.commit("1/0");
      try (CheckpointSubscription watch = c.reader().watch()) {
        assertThat(position(watch)).isEqualTo("1/0");
        breakListening(c);
        long number =
            c.provider()
                .writeCheckpoints()
                .create(
                    List.of(
                        new WriteCheckpoints.Request(
                            "user1", new Lsn("3/0"), OptionalLong.empty())))
                .numbers()
                .get("user1");
        c.writer().keepalive(new Lsn("2/0"));
        c.writer().keepalive(new Lsn("3/0"));
        // Whichever of the two it sees, the newest one comes, and once.
        String seen = position(watch);
        assertThat(seen.equals("3/0") || position(watch).equals("3/0")).isTrue();
        assertThat(c.writeCheckpoints("user1", "3/0")).isEqualTo(Map.of("user1", number));

        breakListening(c);
        Await.until("it listens again", SOON, () -> listening(c));
        assertThat(watch.next(Duration.ZERO)).isInstanceOf(CheckpointSubscription.TimedOut.class);
        c.writer().keepalive(new Lsn("4/0"));
        assertThat(position(watch)).isEqualTo("4/0");
      }
    }
  }

  private static String position(CheckpointSubscription watch) throws InterruptedException {
    CheckpointSubscription.Event event = watch.next(SOON);
    assertThat(event).isInstanceOf(CheckpointSubscription.Advanced.class);
    return ((CheckpointSubscription.Advanced) event).checkpoint().lsn().orElseThrow().value();
  }

  private static boolean listening(StorageCase c) {
    return !c.rows(LISTENERS.formatted("pid")).isEmpty();
  }

  private static void breakListening(StorageCase c) {
    Await.until("the watch listens", SOON, () -> listening(c));
    c.rows(LISTENERS.formatted("pg_terminate_backend(pid)"));
  }

  private static final String LISTENERS =
      "SELECT %s AS pid FROM pg_stat_activity WHERE datname = current_database()"
          + " AND pid <> pg_backend_pid() AND query LIKE '%%last_checkpoint_lsn%%'"
          + " AND query NOT LIKE '%%UPDATE%%' AND state LIKE 'idle%%'";

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void d27Clearing(int version) {
    try (StorageCase c = new StorageCase(version, StorageCase.E)) {
      String current = version == 3 ? "v3_current_data" : "current_data";
      for (int group = 1; group <= 2; group++) {
        c.execute(
            "INSERT INTO powersync.bucket_data (group_id, bucket_name, op_id, op, checksum) SELECT "
                + "%d, 'b', n, 'PUT', 1 FROM generate_series(1, %d) n"
                    .formatted(group, group == 1 ? 50_100 : 10),
            "INSERT INTO powersync.bucket_parameters (group_id, source_table, source_key, lookup,"
                + " bucket_parameters) SELECT %d, 't', int4send(n), '', '[]'".formatted(group)
                + " FROM generate_series(1, 10) n",
            "INSERT INTO powersync.%s (group_id, source_table, source_key, buckets, data, lookups)"
                    .formatted(current)
                + " SELECT %d, 't', int4send(n), '[]', '', '{}'".formatted(group)
                + " FROM generate_series(1, 10) n",
            "INSERT INTO powersync.source_tables (id, group_id, connection_id, schema_name,"
                + " table_name) VALUES ('t%d', %d, 1, 'public', 't')".formatted(group, group));
      }
      assertThatThrownBy(() -> c.storage().clear(() -> true)).hasMessageContaining("PSYNC_S1103");
      c.storage().clear(() -> false);
      for (String table : List.of("bucket_data", "bucket_parameters", current, "source_tables")) {
        assertThat(c.rows("SELECT group_id, count(*) AS n FROM powersync." + table + " GROUP BY 1"))
            .as(table)
            .singleElement()
            .satisfies(
                left -> {
                  assertThat(left.get("group_id").asInt()).isEqualTo(2);
                  assertThat(left.get("n").asInt())
                      .isEqualTo(table.equals("source_tables") ? 1 : 10);
                });
      }
    }
  }

  private static ParameterLookup lookup(String number, String value) {
    return new ParameterLookup("lookup", number, List.of(SqlValue.of(value)));
  }

  private static List<String> texts(
      Map<ParameterLookup, List<OutputRow>> found, ParameterLookup lookup) {
    return found.getOrDefault(lookup, List.of()).stream()
        .map(result -> new String(result.json(), StandardCharsets.UTF_8))
        .toList();
  }

  private static List<ResolvedBucket> buckets(StorageCase c, String user) {
    SyncRequest request =
        new SyncRequest(Map.of("sub", user, "user_id", user), Map.of(), true, List.of());
    OpId checkpoint = c.checkpoint();
    return ResolvedBucket.merge(
        c.config()
            .evaluate(request)
            .dynamicBuckets(lookups -> c.reader().lookups(checkpoint, lookups, 1000)));
  }
}
