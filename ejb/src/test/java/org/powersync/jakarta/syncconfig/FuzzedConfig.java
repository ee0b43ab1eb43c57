package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.schema.ClientLanguage;
import org.powersync.jakarta.syncconfig.schema.ClientSchema;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Does with a document all that is ever done with one, on random tables, rows and requests, and
 * checks what holds for every document.
 */
final class FuzzedConfig {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
  private static final List<String> TYPES =
      List.of("text", "int8", "float8", "bytea", "bool", "jsonb", "own_type");

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "1",
          "-0.0",
          "1e400",
          "9223372036854775808",
          "true",
          "null",
          "[1,\"a\",null,{\"b\":[2.5]}]",
          "{\"a\":{\"b\":1},\"b\":[],\"x\":\"1\"}",
          "[".repeat(200),
          "{\"a\":".repeat(100) + "1" + "}".repeat(100),
          "[\"" + "x".repeat(2000) + "\"]",
          "{",
          "\ud83d",
          "\ud83d\ude00\u0000'\"\\",
          "POINT(1 2)",
          "2024-02-30T25:61:00.1234567890Z",
          "2024-02-29 12:00:00+02",
          "f47ac10b-58cc-4372-a567-0e02b2c3d479");

  private final String yaml;
  private final SyncConfig config;
  private final Random random;
  private final List<String> words;
  private final List<TableName> tables;

  private FuzzedConfig(String yaml, SyncConfig config, Random random) {
    this.yaml = yaml;
    this.config = config;
    this.random = random;
    Set<String> found = new LinkedHashSet<>(List.of("id"));
    WORD.matcher(yaml).results().map(MatchResult::group).limit(60).forEach(found::add);
    this.words = List.copyOf(found);
    this.tables =
        config.sourceTables().stream()
            .limit(6)
            .map(
                pattern ->
                    new TableName(
                        pattern.connectionTag(),
                        pattern.schema().replace("%", "s"),
                        pattern.name().replace("%", "t")))
            .distinct()
            .toList();
  }

  /** Loads a document; its messages have places and it is usable unless one is fatal. */
  static LoadResult load(String yaml) {
    return checked(yaml, SyncConfig.load(yaml, "public"));
  }

  private static LoadResult checked(String yaml, LoadResult loaded) {
    assertThat(loaded.config().isPresent()).isEqualTo(loaded.fatal().isEmpty());
    long lines = yaml.lines().count() + 1;
    for (ConfigMessage message : loaded.messages()) {
      assertThat(message.text()).isNotBlank();
      assertThat(message.start()).isNotNegative();
      assertThat(message.end()).isGreaterThanOrEqualTo(message.start());
      assertThat((long) message.line()).isBetween(1L, lines);
      assertThat(message.column()).isPositive();
    }
    return loaded;
  }

  /**
   * Loads a document and, if it is usable, uses it.
   *
   * @return whether it is usable
   */
  static boolean use(String yaml, Random random) {
    LoadResult loaded = load(yaml);
    loaded.config().ifPresent(config -> new FuzzedConfig(yaml, config, random).use());
    return loaded.config().isPresent();
  }

  private void use() {
    checkAgainstSchema();
    DeployedSyncConfig deployed = config.deployed(BucketNaming.UNVERSIONED);
    List<DeployedSyncConfig> both = new ArrayList<>(List.of(deployed));
    config
        .storedPlan()
        .ifPresent(
            plan -> {
              SyncConfig stored = SyncConfig.ofStoredPlan(plan, "public");
              assertThat(stored.storedPlan()).contains(plan);
              both.add(stored.deployed(BucketNaming.UNVERSIONED));
            });
    Map<ParameterLookup, List<OutputRow>> lookups = new HashMap<>();
    for (TableName table : tables) {
      for (int i = 0; i < 3; i++) {
        SourceRow row = row();
        checkRow(both, table, row, lookups);
      }
    }
    for (int i = 0; i < 2; i++) {
      checkRequest(both, request(), lookups);
    }
  }

  private void checkAgainstSchema() {
    SourceSchema schema =
        new SourceSchema(
            tables.stream()
                .map(
                    table ->
                        new SourceSchema.Table(
                            table,
                            words.stream()
                                .filter(word -> random.nextBoolean())
                                .map(w -> SourceSchema.Column.ofPostgres(w, pick(TYPES)))
                                .toList()))
                .toList());
    checked(yaml, SyncConfig.load(yaml, "public", schema))
        .config()
        .ifPresent(
            checked -> {
              ClientSchema client = ClientSchema.of(checked, schema);
              for (ClientLanguage language : ClientLanguage.values()) {
                assertThat(language.write(client)).isNotNull();
              }
            });
  }

  private static void checkRow(
      List<DeployedSyncConfig> same,
      TableName table,
      SourceRow row,
      Map<ParameterLookup, List<OutputRow>> lookups) {
    Set<Evaluated<BucketRow>> data = new HashSet<>();
    Set<Evaluated<ParameterEntry>> parameters = new HashSet<>();
    for (DeployedSyncConfig deployed : same) {
      TableEvaluator evaluator = deployed.evaluator(table);
      data.add(evaluator.data(row));
      parameters.add(evaluator.parameters(row));
      evaluator.events(row).results().forEach(payload -> payload.data().json());
      assertThat(
              deployed.explain(table, row).stream()
                  .flatMap(explanation -> explanation.buckets().stream())
                  .collect(Collectors.toSet()))
          .isEqualTo(
              evaluator.data(row).results().stream()
                  .map(BucketRow::bucket)
                  .collect(Collectors.toSet()));
    }
    assertThat(data).hasSize(1);
    assertThat(parameters).hasSize(1);
    data.iterator().next().results().forEach(result -> result.data().json());
    for (ParameterEntry entry : parameters.iterator().next().results()) {
      lookups.computeIfAbsent(entry.lookup(), l -> new ArrayList<>()).addAll(entry.rows());
    }
  }

  private static void checkRequest(
      List<DeployedSyncConfig> same,
      SyncRequest request,
      Map<ParameterLookup, List<OutputRow>> lookups) {
    Set<Set<BucketName>> answers = new HashSet<>();
    for (DeployedSyncConfig deployed : same) {
      deployed.explain(request, asked -> lookups);
      try {
        RequestEvaluation evaluation = deployed.evaluate(request);
        List<ResolvedBucket> buckets = new ArrayList<>(evaluation.staticBuckets());
        buckets.addAll(evaluation.dynamicBuckets(asked -> lookups));
        assertThat(buckets).allSatisfy(b -> assertThat(b.priority()).isBetween(0, 3));
        answers.add(buckets.stream().map(ResolvedBucket::bucket).collect(Collectors.toSet()));
      } catch (PowerSyncException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2001);
        answers.add(Set.of());
      }
    }
    assertThat(answers).hasSize(1);
  }

  private SourceRow row() {
    List<SqlValue> values = new ArrayList<>();
    words.forEach(word -> values.add(value()));
    return SourceRow.of(words, values);
  }

  private SqlValue value() {
    return switch (random.nextInt(10)) {
      case 0 -> SqlValue.NULL;
      case 1 -> SqlValue.ABSENT;
      case 2 -> SqlValue.of(random.nextInt(5) - 2);
      case 3 -> SqlValue.of(random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE);
      case 4 -> SqlValue.of(pick(List.of(0.0, -0.0, 1.5, 1e300, Double.NaN)));
      case 5 -> new SqlValue.Blob(new byte[random.nextInt(4)]);
      default -> SqlValue.of(pick(TEXTS));
    };
  }

  private SyncRequest request() {
    List<SyncRequest.Subscription> subscriptions =
        config.definitions().stream()
            .filter(definition -> random.nextInt(3) > 0)
            .limit(5)
            .map(
                definition ->
                    new SyncRequest.Subscription(
                        definition.name(), json(2), OptionalInt.of(random.nextInt(4))))
            .toList();
    Map<String, Object> token = json(2);
    token.put("sub", pick(TEXTS));
    return new SyncRequest(token, json(2), random.nextInt(3) > 0, subscriptions);
  }

  private Map<String, Object> json(int depth) {
    Map<String, Object> members = new HashMap<>();
    words.stream()
        .filter(word -> random.nextInt(3) > 0)
        .forEach(word -> members.put(word, anyJson(depth)));
    return members;
  }

  private Object anyJson(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> pick(List.of(0.0, -0.0, 1.0, 2.5, 1e300));
      case 6 -> List.of("a", pick(TEXTS), 1.0, List.of());
      case 7 -> Map.of("a", pick(TEXTS), "b", List.of(1.0, "b"));
      default -> pick(TEXTS);
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
