package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads stored plans, checking every reference between their parts. Used by one thread. */
final class PlanReader {
  private static final int NEWEST_VERSION = 2;
  private static final int MAX_PRIORITY = 3;

  private final JsonNode json;
  private List<SyncPlan.ParameterIndex> indexes = List.of();

  private PlanReader(JsonNode json) {
    this.json = json;
  }

  /** Throws PSYNC_R0001 when this is no plan, or one of a newer version. */
  static SyncPlan read(JsonNode json) {
    int version = json.get("version").integer();
    if (version > NEWEST_VERSION) {
      throw json.unreadable("version " + version + " is newer than this program understands");
    }
    return new PlanReader(json).read();
  }

  private SyncPlan read() {
    List<SyncPlan.DataSource> sources = json.list("dataSources", PlanReader::source);
    List<SyncPlan.Bucket> buckets =
        json.list(
            "buckets",
            bucket ->
                new SyncPlan.Bucket(
                    bucket.text("uniqueName"),
                    bucket.list("sources", index -> index.index(sources.size()))));
    indexes = json.list("parameterIndexes", PlanReader::index);
    return new SyncPlan(
        sources, buckets, indexes, json.list("streams", stream -> stream(stream, buckets.size())));
  }

  private static SyncPlan.DataSource source(JsonNode json) {
    SyncPlan.Processor processor = processor(json);
    ExpressionReader rows = rows(processor);
    return new SyncPlan.DataSource(
        processor,
        json.list(
            "columns",
            column ->
                "star".equals(column.value())
                    ? new SyncPlan.OutputColumn.Star()
                    : new SyncPlan.OutputColumn.Named(
                        rows.read(column.get("expr")), column.text("alias"))),
        json.find("outputTableName").map(JsonNode::text));
  }

  private static SyncPlan.ParameterIndex index(JsonNode json) {
    SyncPlan.Processor processor = processor(json);
    JsonNode scope = json.get("lookupScope");
    return new SyncPlan.ParameterIndex(
        processor,
        json.list("output", rows(processor)::read),
        scope.text("lookupName"),
        scope.text("queryId"));
  }

  private static ExpressionReader rows(SyncPlan.Processor processor) {
    return new ExpressionReader(ExpressionReader.Scope.ROW, processor.functions().size());
  }

  private static SyncPlan.Processor processor(JsonNode json) {
    ExpressionReader arguments = new ExpressionReader(ExpressionReader.Scope.ROW, 0);
    List<SyncPlan.RowFunction> functions =
        json.list("tableValuedFunctions", function -> function(function, arguments));
    ExpressionReader rows = new ExpressionReader(ExpressionReader.Scope.ROW, functions.size());
    return new SyncPlan.Processor(
        table(json.get("table")),
        functions,
        json.list("filters", rows::read),
        json.list("partitionBy", key -> rows.read(key.get("expr"))));
  }

  private static SyncPlan.Table table(JsonNode json) {
    Optional<String> connection = json.find("connection").map(JsonNode::text);
    Optional<String> schema = json.find("schema").map(JsonNode::text);
    return new SyncPlan.Table(connection, schema, json.text("table"));
  }

  private static SyncPlan.RowFunction function(JsonNode json, ExpressionReader arguments) {
    return new SyncPlan.RowFunction(
        json.text("functionName"), json.list("functionInputs", arguments::read));
  }

  private SyncPlan.Stream stream(JsonNode json, int buckets) {
    JsonNode stream = json.get("stream");
    return new SyncPlan.Stream(
        stream.text("name"),
        stream.get("priority").index(MAX_PRIORITY + 1),
        stream.get("isSubscribedByDefault").bool(),
        json.list("queriers", querier -> querier(querier, buckets)));
  }

  private SyncPlan.Querier querier(JsonNode json, int buckets) {
    // How many outputs each entry of the stages so far has.
    List<List<Integer>> outputs = new ArrayList<>();
    List<List<SyncPlan.StageEntry>> stages = new ArrayList<>();
    for (JsonNode stage : json.get("lookupStages").elements()) {
      List<SyncPlan.StageEntry> entries = new ArrayList<>();
      List<Integer> counts = new ArrayList<>();
      for (JsonNode entry : stage.elements()) {
        SyncPlan.StageEntry read = entry(entry, outputs);
        entries.add(read);
        counts.add(
            read instanceof SyncPlan.StageEntry.Lookup lookup
                ? indexes.get(lookup.index()).outputs().size()
                : ((SyncPlan.StageEntry.Function) read).outputs().size());
      }
      stages.add(entries);
      outputs.add(counts);
    }
    return new SyncPlan.Querier(
        json.list("requestFilters", ExpressionReader.REQUEST::read),
        stages,
        json.get("bucket").index(buckets),
        json.list("sourceInstantiation", value -> value(value, outputs)));
  }

  private SyncPlan.StageEntry entry(JsonNode json, List<List<Integer>> outputs) {
    return switch (json.text("type")) {
      case "parameter" ->
          new SyncPlan.StageEntry.Lookup(
              json.get("lookup").index(indexes.size()),
              json.list("instantiation", value -> value(value, outputs)));
      case "table_valued" ->
          new SyncPlan.StageEntry.Function(
              function(json, ExpressionReader.REQUEST),
              json.list("outputs", ExpressionReader.REQUEST_ELEMENT::read),
              json.list("filters", ExpressionReader.REQUEST_ELEMENT::read));
      default -> throw json.unreadable("unknown lookup " + json.text("type"));
    };
  }

  private static SyncPlan.Value value(JsonNode json, List<List<Integer>> outputs) {
    switch (json.text("type")) {
      case "request" -> {
        return new SyncPlan.Value.Request(ExpressionReader.REQUEST.read(json.get("expr")));
      }
      case "lookup" -> {
        JsonNode lookup = json.get("lookup");
        int stage = lookup.get("stageId").index(outputs.size());
        int entry = lookup.get("idInStage").index(outputs.get(stage).size());
        return new SyncPlan.Value.Output(
            stage, entry, json.get("resultIndex").index(outputs.get(stage).get(entry)));
      }
      case "intersection" -> {
        return new SyncPlan.Value.Intersection(json.list("values", v -> value(v, outputs)));
      }
      default -> throw json.unreadable("unknown value " + json.text("type"));
    }
  }
}
