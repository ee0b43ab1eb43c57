package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Streams sync the rows that SQL would select: random conditions over three tables and a request,
 * compared with a plain evaluation of every combination of rows.
 */
class CompiledStreamsPropertyTest {
  private static final List<String> VALUES = List.of("a", "b", "c");
  private static final List<String> COLUMNS = List.of("x", "y", "z");
  private static final List<String> TABLES = List.of("d", "m", "k");

  /** A condition as SQL and as what it says about rows by table and a request. */
  private sealed interface Condition {
    String sql();

    boolean holds(Map<String, Map<String, String>> rows);
  }

  private record Equal(String left, String right) implements Condition {
    @Override
    public String sql() {
      return left + " = " + right;
    }

    @Override
    public boolean holds(Map<String, Map<String, String>> rows) {
      String a = value(left, rows);
      return a != null && a.equals(value(right, rows));
    }

    private static String value(String operand, Map<String, Map<String, String>> rows) {
      if (operand.startsWith("'")) {
        return operand.substring(1, operand.length() - 1);
      }
      if (operand.startsWith("auth")) {
        return rows.get("auth").get(operand.substring(16, operand.length() - 2));
      }
      return rows.get(operand.substring(0, 1)).get(operand.substring(2));
    }
  }

  /** {@code left IN (SELECT t.column FROM table AS t WHERE condition)}. */
  private record In(
      String left,
      String table,
      String alias,
      String column,
      Condition condition,
      Map<String, List<Map<String, String>>> tables)
      implements Condition {
    @Override
    public String sql() {
      return left
          + " IN (SELECT "
          + alias
          + "."
          + column
          + " FROM "
          + table
          + " AS "
          + alias
          + " WHERE "
          + condition.sql()
          + ")";
    }

    @Override
    public boolean holds(Map<String, Map<String, String>> rows) {
      return tables.get(table).stream()
          .anyMatch(
              row -> {
                Map<String, Map<String, String>> all = new HashMap<>(rows);
                all.put(alias, row);
                return new Equal(left, alias + "." + column).holds(all) && condition.holds(all);
              });
    }
  }

  private record Not(Condition operand) implements Condition {
    @Override
    public String sql() {
      return "NOT (" + operand.sql() + ")";
    }

    @Override
    public boolean holds(Map<String, Map<String, String>> rows) {
      return !operand.holds(rows);
    }
  }

  private record Logic(boolean and, List<Condition> operands) implements Condition {
    @Override
    public String sql() {
      return operands.stream()
          .map(Condition::sql)
          .collect(Collectors.joining(and ? " AND " : " OR ", "(", ")"));
    }

    @Override
    public boolean holds(Map<String, Map<String, String>> rows) {
      return and
          ? operands.stream().allMatch(operand -> operand.holds(rows))
          : operands.stream().anyMatch(operand -> operand.holds(rows));
    }
  }

  /** Makes conditions over the tables in scope. */
  private static final class Conditions {
    private final Random random;
    private final Map<String, List<Map<String, String>>> tables;
    private int aliases;

    Conditions(Random random, Map<String, List<Map<String, String>>> tables) {
      this.random = random;
      this.tables = tables;
    }

    Condition condition(List<String> scope, int depth) {
      if (depth > 0 && random.nextInt(4) > 0) {
        List<Condition> operands = new ArrayList<>();
        int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
          operands.add(condition(scope, depth - 1));
        }
        return new Logic(random.nextInt(3) > 0, operands);
      }
      String column = column(scope);
      return switch (random.nextInt(6)) {
        case 0 -> new Equal(column, "'" + pick(VALUES, random) + "'");
        case 1 -> new Not(new Equal(column, "'" + pick(VALUES, random) + "'"));
        case 2 -> new Equal(column, request());
        case 3 -> new Equal(request(), column);
        case 4 -> aliases < 3 ? in(scope) : new Equal(column, request());
        default -> new Equal(column, column(scope));
      };
    }

    private Condition in(List<String> scope) {
      String alias = "tuv".substring(aliases, ++aliases);
      List<String> inner = new ArrayList<>(scope);
      inner.add(alias);
      String left = random.nextInt(4) == 0 ? request() : column(scope);
      return new In(
          left, pick(TABLES, random), alias, pick(COLUMNS, random), condition(inner, 1), tables);
    }

    private String request() {
      return "auth.parameter('" + pick(COLUMNS, random) + "')";
    }

    private String column(List<String> scope) {
      return pick(scope, random) + "." + pick(COLUMNS, random);
    }
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static Map<String, String> columns(Random random, String id) {
    Map<String, String> columns = new HashMap<>();
    columns.put("id", id);
    for (String column : COLUMNS) {
      columns.put(column, random.nextInt(6) == 0 ? null : pick(VALUES, random));
    }
    return columns;
  }

  @Property(tries = 300)
  void syncWhatSqlWouldSelect(@ForAll long seed) {
    Random random = new Random(seed);
    Map<String, List<Map<String, String>>> tables = new HashMap<>();
    for (String table : TABLES) {
      List<Map<String, String>> rows = new ArrayList<>();
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        rows.add(columns(random, Integer.toString(i)));
      }
      tables.put(table, rows);
    }
    Condition condition = new Conditions(random, tables).condition(TABLES, 2);
    String yaml =
        "{config: {edition: 3}, streams: {s: {auto_subscribe: true, query: \"SELECT d.id FROM d, m,"
            + " k WHERE "
            + condition.sql()
            + "\"}}}";
    LoadResult loaded = SyncConfig.load(yaml, "public");
    if (loaded.config().isEmpty()) {
      assertThat(loaded.fatal())
          .as(yaml)
          .extracting(ConfigMessage::about)
          .containsAnyOf("too-many-or-terms", "multiple-dependencies");
      return;
    }
    Map<String, String> token = columns(random, "token");
    SyncConfig config = loaded.config().orElseThrow();
    assertThat(synced(config, tables, token))
        .as(yaml + "\n" + tables + "\n" + token)
        .isEqualTo(selected(condition, tables, token));
  }

  private static Set<String> selected(
      Condition condition,
      Map<String, List<Map<String, String>>> tables,
      Map<String, String> token) {
    Set<String> ids = new TreeSet<>();
    for (Map<String, String> d : tables.get("d")) {
      for (Map<String, String> m : tables.get("m")) {
        for (Map<String, String> k : tables.get("k")) {
          if (condition.holds(Map.of("d", d, "m", m, "k", k, "auth", token))) {
            ids.add(d.get("id"));
          }
        }
      }
    }
    return ids;
  }

  private static Set<String> synced(
      SyncConfig config, Map<String, List<Map<String, String>>> tables, Map<String, String> token) {
    DeployedSyncConfig deployed = config.deployed(BucketNaming.UNVERSIONED);
    Map<BucketName, Set<String>> buckets = new HashMap<>();
    Map<ParameterLookup, List<OutputRow>> lookups = new HashMap<>();
    tables.forEach(
        (table, rows) -> {
          TableEvaluator evaluator = deployed.evaluator(TableName.of("public", table));
          for (Map<String, String> columns : rows) {
            SourceRow row = row(columns);
            evaluator
                .data(row)
                .results()
                .forEach(
                    r -> buckets.computeIfAbsent(r.bucket(), b -> new HashSet<>()).add(r.id()));
            evaluator
                .parameters(row)
                .results()
                .forEach(
                    e ->
                        lookups
                            .computeIfAbsent(e.lookup(), l -> new ArrayList<>())
                            .addAll(e.rows()));
          }
        });
    RequestEvaluation evaluation =
        deployed.evaluate(new SyncRequest(new HashMap<>(token), Map.of(), true, List.of()));
    Set<String> ids = new TreeSet<>();
    List<ResolvedBucket> resolved = new ArrayList<>(evaluation.staticBuckets());
    resolved.addAll(evaluation.dynamicBuckets(asked -> lookups));
    resolved.forEach(bucket -> ids.addAll(buckets.getOrDefault(bucket.bucket(), Set.of())));
    return ids;
  }

  private static SourceRow row(Map<String, String> columns) {
    List<String> names = List.copyOf(columns.keySet());
    return SourceRow.of(
        names,
        names.stream()
            .map(columns::get)
            .map(value -> value == null ? SqlValue.NULL : SqlValue.of(value))
            .toList());
  }
}
