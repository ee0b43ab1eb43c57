package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class CompiledStreamsTest {

  @Test
  void aRequestIsFilteredByALiteralList() {
    DeployedSyncConfig config =
        deployed("SELECT id FROM t WHERE auth.parameter('role') IN '[\"admin\", \"owner\"]'");
    assertThat(names(config.evaluate(request(Map.of("role", "owner"))).staticBuckets()))
        .containsExactly("s|0[]");
    assertThat(config.evaluate(request(Map.of("role", "guest"))).staticBuckets()).isEmpty();
    assertThat(config.evaluate(request(Map.of())).staticBuckets()).isEmpty();
  }

  @Test
  void aRequestIsFilteredByItsOwnList() {
    DeployedSyncConfig config =
        deployed("SELECT id FROM t WHERE auth.user_id() IN auth.parameter('admins')");
    assertThat(config.evaluate(request(Map.of("sub", "u", "admins", List.of("u")))).staticBuckets())
        .hasSize(1);
    assertThat(config.evaluate(request(Map.of("sub", "u", "admins", List.of("w")))).staticBuckets())
        .isEmpty();
  }

  @Test
  void theDataOfARowIsComputedOnceForAllItsBuckets() {
    DeployedSyncConfig config = deployed("SELECT * FROM t WHERE auth.user_id() IN members");
    List<BucketRow> rows =
        config
            .evaluator(TableName.of("public", "t"))
            .data(row("id", "1", "members", "[\"u\",\"w\"]"))
            .results();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).data()).isSameAs(rows.get(1).data());
  }

  @Test
  void rowsOfLookupsStayTogether() {
    DeployedSyncConfig config =
        deployed(
            "SELECT d.id FROM d, m, n WHERE d.x = m.x AND d.y = n.y AND m.k = n.k AND m.u ="
                + " auth.user_id()");
    RowsInMemory stored = new RowsInMemory(config);
    stored.write("m", "id", "1", "u", "u", "x", "x1", "k", "k1");
    stored.write("m", "id", "2", "u", "u", "x", "x2", "k", "k2");
    stored.write("n", "id", "1", "y", "y1", "k", "k1");
    stored.write("n", "id", "2", "y", "y2", "k", "k2");
    stored.write("n", "id", "3", "y", "y3", "k", "k3");
    List<String> buckets =
        names(config.evaluate(request(Map.of("sub", "u"))).dynamicBuckets(stored));
    String name =
        config
            .evaluator(TableName.of("public", "d"))
            .data(row("id", "1", "x", "x1", "y", "y1"))
            .results()
            .get(0)
            .bucket()
            .value();
    assertThat(buckets).hasSize(2).contains(name);
  }

  @Test
  void existenceIsCheckedByLookups() {
    DeployedSyncConfig config =
        deployed(
            "SELECT id FROM d WHERE owner = auth.user_id() AND auth.user_id() IN (SELECT u FROM"
                + " admins)");
    RowsInMemory stored = new RowsInMemory(config);
    RequestEvaluation evaluation = config.evaluate(request(Map.of("sub", "u")));
    assertThat(evaluation.dynamic()).isTrue();
    assertThat(evaluation.dynamicBuckets(stored)).isEmpty();
    stored.write("admins", "id", "1", "u", "u");
    stored.write("admins", "id", "2", "u", "u");
    assertThat(names(evaluation.dynamicBuckets(stored))).containsExactly("s|0[\"u\"]");
  }

  @Test
  void combinationsAreBounded() {
    DeployedSyncConfig config =
        deployed(
            "SELECT id FROM t WHERE a IN auth.parameter('x') AND b IN auth.parameter('x') AND c IN"
                + " auth.parameter('x')");
    List<Object> many = IntStream.range(0, 1000).mapToObj(i -> (Object) Double.valueOf(i)).toList();
    assertThatThrownBy(() -> config.evaluate(request(Map.of("x", many))))
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2305));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT * FROM a, b WHERE a.x = b.x|select-from-multiple-tables|*",
        "SELECT a.id, b.id AS b FROM a, b WHERE a.x = b.x|select-from-multiple-tables|b.id",
        "SELECT j.* FROM a, json_each(a.x) AS j|select-not-from-table|j.*",
        "SELECT j.value AS v FROM json_each(auth.parameter('x')) AS j|select-not-from-table|j.value",
        "SELECT id FROM a LEFT JOIN b ON a.x = b.x|clause-not-supported|SELECT id FROM a LEFT JOIN b"
            + " ON a.x = b.x",
        "SELECT id FROM a ORDER BY id|clause-not-supported|ORDER BY id",
        "SELECT id, (SELECT 1) AS x FROM a|subquery-position|SELECT 1",
        "SELECT id, x IN '[1]' AS x FROM a|subquery-position|x IN '[1]'",
        "SELECT id FROM a WHERE x IN (SELECT * FROM b)|star-not-allowed|*",
        "SELECT id FROM a WHERE x IN (SELECT b.x, b.y FROM b)|subquery-one-column|SELECT b.x, b.y"
            + " FROM b",
        "SELECT a.id FROM a, other(a.x) AS o WHERE o.x = 1|unknown-table-valued-function|other",
        "SELECT a.id FROM a, json_each(a.x) AS j, json_each(j.value) AS k WHERE k.value ="
            + " 1|table-valued-of-table-valued|json_each(j.value) AS k",
        "SELECT id FROM a WHERE public.a.x = 1|schema-in-column-reference|public.a.x",
        "SELECT id FROM a WHERE json_valid(x)|unknown-function|json_valid",
        "SELECT id FROM a WHERE upper(x, y) = 1|wrong-argument-count|upper",
        "SELECT id FROM a WHERE x = $1|sql-parameter|$1",
        "SELECT id FROM a WHERE -x = 1|operator-not-supported|-x",
      })
  void whatCannotBeCompiledIsNamedWithItsPlace(String sql, String about, String place) {
    String yaml = yaml(sql);
    LoadResult loaded = SyncConfig.load(yaml, "public");
    assertThat(loaded.config()).isEmpty();
    assertThat(loaded.fatal())
        .anySatisfy(
            message -> {
              assertThat(message.about()).isEqualTo(about);
              assertThat(yaml.substring(message.start(), message.end())).isEqualTo(place);
            });
  }

  /** Lookups as written by rows. */
  private static final class RowsInMemory implements LookupSource {
    private final DeployedSyncConfig config;
    private final Map<ParameterLookup, List<OutputRow>> rows = new HashMap<>();

    RowsInMemory(DeployedSyncConfig config) {
      this.config = config;
    }

    void write(String table, String... columns) {
      Evaluated<ParameterEntry> evaluated =
          config.evaluator(TableName.of("public", table)).parameters(row(columns));
      assertThat(evaluated.errors()).isEmpty();
      evaluated
          .results()
          .forEach(e -> rows.computeIfAbsent(e.lookup(), k -> new ArrayList<>()).addAll(e.rows()));
    }

    @Override
    public Map<ParameterLookup, List<OutputRow>> find(
        java.util.Collection<ParameterLookup> lookups) {
      return rows;
    }
  }

  private static SourceRow row(String... columns) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (int i = 0; i < columns.length; i += 2) {
      names.add(columns[i]);
      values.add(SqlValue.of(columns[i + 1]));
    }
    return SourceRow.of(names, values);
  }

  private static SyncRequest request(Map<String, Object> token) {
    return new SyncRequest(token, Map.of(), true, List.of());
  }

  private static List<String> names(List<ResolvedBucket> buckets) {
    return buckets.stream().map(bucket -> bucket.bucket().value()).toList();
  }

  private static String yaml(String sql) {
    return "config:\n  edition: 3\nstreams:\n  s:\n    auto_subscribe: true\n    query: |\n      "
        + sql
        + "\n";
  }

  private static DeployedSyncConfig deployed(String sql) {
    LoadResult loaded = SyncConfig.load(yaml(sql), "public");
    assertThat(loaded.fatal()).isEmpty();
    return loaded.config().orElseThrow().deployed(BucketNaming.UNVERSIONED);
  }
}
