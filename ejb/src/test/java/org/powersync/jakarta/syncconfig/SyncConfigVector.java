package org.powersync.jakarta.syncconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.type.SourceValueVector;
import org.powersync.jakarta.syncconfig.plan.StableHashVector;
import org.powersync.jakarta.syncconfig.schema.ClientSchema;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** One recorded vector of the sync config language, and how this implementation does on it. */
final class SyncConfigVector {
  private static final String ANY_FATAL = "internal-error";
  private static final Set<String> LINE_ONLY = Set.of("sql-syntax", "yaml-syntax");

  private static final Set<String> OWN_WARNINGS =
      Set.of("parameter-compared-twice", "priority-ignored", "wildcard-condition-without-row");

  private final JsonNode vector;
  private final List<String> differences = new ArrayList<>();
  private final Map<ParameterLookup, List<OutputRow>> stored = new HashMap<>();

  /** How a vector went. */
  sealed interface Outcome {
    /** As recorded. */
    record Passed() implements Outcome {}

    /** Not as recorded. */
    record Failed(List<String> differences) implements Outcome {}

    /** Needs something that is refused or belongs elsewhere. */
    record NotSupported() implements Outcome {}
  }

  /** A message without its text. */
  private record Message(String level, String about, int start, int end, int line, int column) {}

  private record Row(
      String bucket, String table, String id, Map<String, SqlValue> data, String json) {}

  private record Lookup(ParameterLookup lookup, List<Map<String, SqlValue>> rows) {}

  private record Bucket(String name, int priority, String definition, List<String> reasons) {}

  SyncConfigVector(JsonNode vector) {
    this.vector = vector;
  }

  Outcome run() {
    if (vector.has("hash")) {
      JsonNode hash = vector.get("hash");
      same("hash", hash.get("result").asInt(), StableHashVector.finish(hash.get("steps")));
    }
    if (!vector.has("yaml")) {
      return vector.has("hash") ? outcome() : new Outcome.NotSupported();
    }
    String yaml = vector.get("yaml").asText();
    String defaultSchema = vector.path("defaultSchema").asText("public");
    LoadResult loaded =
        vector.has("schema")
            ? SyncConfig.load(yaml, defaultSchema, VectorSchemas.source(vector.get("schema")))
            : SyncConfig.load(yaml, defaultSchema);
    if (vector.has("validation")) {
      checkMessages(loaded.messages());
    } else if (loaded.config().isEmpty()) {
      differences.add("does not load: " + loaded.fatal());
    }
    loaded.config().ifPresent(this::checkConfig);
    // A deployed config comes from its stored plan, and does the same.
    loaded
        .config()
        .flatMap(SyncConfig::storedPlan)
        .ifPresent(
            plan -> {
              stored.clear();
              checkConfig(SyncConfig.ofStoredPlan(plan, defaultSchema));
            });
    return outcome();
  }

  private Outcome outcome() {
    return differences.isEmpty() ? new Outcome.Passed() : new Outcome.Failed(differences);
  }

  private void checkConfig(SyncConfig config) {
    if (vector.has("sourceTables")) {
      Set<TablePattern> expected = new HashSet<>();
      for (JsonNode table : vector.get("sourceTables")) {
        expected.add(
            new TablePattern(
                table.get("connection").asText(),
                table.get("schema").asText(),
                table.get("table").asText()));
      }
      same("source tables", expected, Set.copyOf(config.sourceTables()));
    }
    if (vector.has("plan")) {
      same("plan", vector.get("plan"), VectorValues.storedPlan(config).get("plan"));
    }
    if (vector.has("clientSchema")) {
      same(
          "client schema",
          VectorSchemas.client(vector.get("clientSchema")),
          ClientSchema.of(config, VectorSchemas.source(vector.get("schema"))).tables());
    }
    BucketNaming naming =
        vector.has("bucketIdVersion")
            ? BucketNaming.versioned(vector.get("bucketIdVersion").asInt())
            : BucketNaming.UNVERSIONED;
    DeployedSyncConfig deployed = config.deployed(naming);
    vector
        .path("conversions")
        .forEach(conversion -> checkConversion(config.compatibility(), conversion));
    vector.path("rows").forEach(row -> checkRow(deployed, row));
    vector.path("requests").forEach(request -> checkRequest(deployed, request));
  }

  private void checkConversion(Compatibility compatibility, JsonNode conversion) {
    SourceValueVector source = new SourceValueVector(compatibility);
    Map<String, SqlValue> actual = new LinkedHashMap<>();
    try {
      conversion
          .get("source")
          .fields()
          .forEachRemaining(
              column -> actual.put(column.getKey(), source.convert(column.getValue())));
    } catch (PowerSyncException e) {
      same("conversion of " + conversion.get("source"), conversion.has("fails"), true);
      return;
    }
    same(
        "conversion of " + conversion.get("source"),
        conversion.has("fails") ? null : VectorValues.columns(conversion.get("expect")),
        actual);
  }

  private void checkMessages(List<ConfigMessage> messages) {
    List<Message> actual = new ArrayList<>();
    for (ConfigMessage m : messages) {
      // Warnings the reference does not have, by decisions A2 and A16.
      if (!OWN_WARNINGS.contains(m.about())) {
        String level = m.level().name().toLowerCase(java.util.Locale.ROOT);
        actual.add(message(level, m.about(), m.start(), m.end(), m.line(), m.column()));
      }
    }
    List<Message> expected = new ArrayList<>();
    for (JsonNode m : vector.get("validation").get("errors")) {
      expected.add(
          message(
              m.get("level").asText(),
              m.get("about").asText(),
              m.get("start").asInt(),
              m.get("end").asInt(),
              m.get("line").asInt(),
              m.get("column").asInt()));
    }
    if (expected.removeIf(m -> m.about().equals(ANY_FATAL))) {
      Optional<Message> crash =
          actual.stream().filter(m -> m.level().equals("fatal") && !expected.contains(m)).findAny();
      crash.ifPresentOrElse(actual::remove, () -> differences.add("no fatal message"));
    }
    sameBag("messages", expected, actual);
  }

  /** Decision A17: the place of a syntax error is its line. */
  private static Message message(
      String level, String about, int start, int end, int line, int column) {
    return LINE_ONLY.contains(about)
        ? new Message(level, about, 0, 0, line, 0)
        : new Message(level, about, start, end, line, column);
  }

  private void checkRow(DeployedSyncConfig deployed, JsonNode node) {
    JsonNode table = node.get("table");
    TableName name =
        new TableName(
            table.path("connection").asText("default"),
            table.path("schema").asText("public"),
            table.get("name").asText());
    Map<String, SqlValue> columns = VectorValues.columns(node.get("row"));
    SourceRow row = SourceRow.of(List.copyOf(columns.keySet()), new ArrayList<>(columns.values()));
    TableEvaluator evaluator = deployed.evaluator(name);
    Evaluated<BucketRow> data = evaluator.data(row);
    Evaluated<ParameterEntry> parameters = evaluator.parameters(row);
    parameters
        .results()
        .forEach(e -> stored.computeIfAbsent(e.lookup(), k -> new ArrayList<>()).addAll(e.rows()));

    JsonNode expect = node.get("expect");
    String where = "row " + node.get("row");
    sameBag(where + " buckets", rows(expect.get("buckets")), rows(data.results()));
    sameBag(where + " lookups", lookups(expect.get("lookups")), lookups(parameters.results()));
    List<String> errors = new ArrayList<>();
    data.errors().forEach(e -> errors.add("data " + e.about()));
    parameters.errors().forEach(e -> errors.add("parameter " + e.about()));
    List<String> expectedErrors = new ArrayList<>();
    expect
        .path("errors")
        .forEach(e -> expectedErrors.add(e.get("phase").asText() + " " + e.get("about").asText()));
    sameBag(where + " errors", expectedErrors, errors);
    if (vector.path("events").asBoolean()) {
      sameBag(where + " events", events(expect.get("events")), events(evaluator.events(row)));
    }
  }

  private static List<String> events(JsonNode expected) {
    List<String> events = new ArrayList<>();
    expected
        .fields()
        .forEachRemaining(
            event -> {
              if (event.getValue().has("json")) {
                events.add(event.getKey() + event.getValue().get("json").asText());
              }
              event
                  .getValue()
                  .path("errors")
                  .forEach(about -> events.add(event.getKey() + about.asText()));
            });
    return events;
  }

  private static List<String> events(Evaluated<EventPayload> actual) {
    List<String> events = new ArrayList<>();
    for (EventPayload payload : actual.results()) {
      events.add(payload.event() + new String(payload.data().json(), StandardCharsets.UTF_8));
    }
    actual.errors().forEach(e -> events.add(e.definition() + e.about()));
    return events;
  }

  private static List<Row> rows(JsonNode expected) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode row : expected) {
      rows.add(
          new Row(
              row.get("bucket").asText(),
              row.get("table").asText(),
              row.get("id").asText(),
              VectorValues.columns(row.get("data")),
              // Decision A1: no invalid JSON.
              row.get("json").asText().replaceAll(":(NaN|-?Infinity)(?=[,}])", ":null")));
    }
    return rows;
  }

  private static List<Row> rows(List<BucketRow> actual) {
    return actual.stream()
        .map(
            row ->
                new Row(
                    row.bucket().value(),
                    row.table(),
                    row.id(),
                    VectorValues.columns(row.data()),
                    new String(row.data().json(), StandardCharsets.UTF_8)))
        .toList();
  }

  private static List<Lookup> lookups(JsonNode expected) {
    List<Lookup> lookups = new ArrayList<>();
    for (JsonNode entry : expected) {
      List<Map<String, SqlValue>> rows = new ArrayList<>();
      entry.get("rows").forEach(row -> rows.add(VectorValues.columns(row)));
      lookups.add(new Lookup(VectorValues.lookup(entry.get("lookup")), rows));
    }
    return lookups;
  }

  private static List<Lookup> lookups(List<ParameterEntry> actual) {
    return actual.stream()
        .map(e -> new Lookup(e.lookup(), e.rows().stream().map(VectorValues::columns).toList()))
        .toList();
  }

  private void checkRequest(DeployedSyncConfig deployed, JsonNode node) {
    JsonNode expect = node.get("expect");
    String where = "request " + node.get("token");
    RequestEvaluation evaluation = deployed.evaluate(VectorValues.request(node));
    sameBag(
        where + " static",
        buckets(expect.get("staticBuckets")),
        buckets(evaluation.staticBuckets()));
    if (expect.has("mergedStatic")) {
      sameBag(
          where + " merged",
          buckets(expect.get("mergedStatic")),
          buckets(ResolvedBucket.merge(evaluation.staticBuckets())));
    }
    List<String> errors =
        evaluation.errors().stream().map(e -> e.definition() + e.about()).toList();
    List<String> expectedErrors = new ArrayList<>();
    expect
        .path("errors")
        .forEach(e -> expectedErrors.add(e.get("definition").asText() + e.get("about").asText()));
    sameBag(where + " errors", expectedErrors, errors);

    same(where + " dynamic", expect.has("dynamicBuckets"), evaluation.dynamic());
    Set<ParameterLookup> asked = new HashSet<>();
    List<ResolvedBucket> dynamic =
        evaluation.dynamicBuckets(
            lookups -> {
              asked.addAll(lookups);
              return stored;
            });
    sameBag(where + " dynamic", buckets(expect.path("dynamicBuckets")), buckets(dynamic));
    // Decision A12: each lookup is asked once.
    Set<ParameterLookup> expectedLookups = new HashSet<>();
    expect.path("lookupsQueried").forEach(l -> expectedLookups.add(VectorValues.lookup(l)));
    same(where + " lookups", expectedLookups, asked);
  }

  private static List<Bucket> buckets(JsonNode expected) {
    List<Bucket> buckets = new ArrayList<>();
    for (JsonNode bucket : expected) {
      List<String> reasons = new ArrayList<>();
      bucket
          .get("reasons")
          .forEach(r -> reasons.add(r.isTextual() ? r.asText() : r.get("subscription").asText()));
      buckets.add(
          new Bucket(
              bucket.get("bucket").asText(),
              bucket.get("priority").asInt(),
              bucket.get("definition").asText(),
              reasons));
    }
    return buckets;
  }

  private static List<Bucket> buckets(List<ResolvedBucket> actual) {
    return actual.stream()
        .map(
            bucket ->
                new Bucket(
                    bucket.bucket().value(),
                    bucket.priority(),
                    bucket.definition(),
                    bucket.reasons().stream()
                        .map(
                            r ->
                                r.subscription().isPresent()
                                    ? Integer.toString(r.subscription().getAsInt())
                                    : "default")
                        .toList()))
        .toList();
  }

  private void same(String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      differences.add(what + "\n  expected " + expected + "\n  actual   " + actual);
    }
  }

  private void sameBag(String what, List<?> expected, List<?> actual) {
    List<Object> missing = new ArrayList<>(expected);
    List<Object> extra = new ArrayList<>();
    for (Object element : actual) {
      if (!missing.remove(element)) {
        extra.add(element);
      }
    }
    if (!missing.isEmpty() || !extra.isEmpty()) {
      differences.add(what + "\n  missing " + missing + "\n  extra   " + extra);
    }
  }
}
