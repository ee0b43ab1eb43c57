package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans as JSON, in the form that the reference stores (sync config section 12, decision A15). JSON
 * is plain Java here: maps in document order, lists, texts, longs, doubles, booleans and null.
 */
public final class PlanJson {
  private static final long VERSION_WITH_METADATA = 2;
  private static final long VERSION_WITHOUT_METADATA = 1;

  private PlanJson() {}

  /** The plan as JSON object. */
  public static Map<String, Object> write(SyncPlan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dataSources", plan.dataSources().stream().map(PlanJson::source).toList());
    json.put("buckets", plan.buckets().stream().map(bucket -> bucket(bucket, plan)).toList());
    json.put("parameterIndexes", plan.parameterIndexes().stream().map(PlanJson::index).toList());
    json.put("streams", plan.streams().stream().map(PlanJson::stream).toList());
    json.put(
        "version",
        PlanExpressions.of(plan).stream().anyMatch(PlanJson::usesMetadata)
            ? VERSION_WITH_METADATA
            : VERSION_WITHOUT_METADATA);
    return json;
  }

  private static boolean usesMetadata(PlanExpression<PlanInput> expression) {
    List<PlanInput> inputs = new ArrayList<>();
    expression.forEachInput(inputs::add);
    return inputs.stream().anyMatch(PlanInput.Metadata.class::isInstance);
  }

  private static Map<String, Object> source(SyncPlan.DataSource source) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("hash", (long) PlanHashes.of(source));
    json.put("table", table(source.processor().table()));
    source.outputTable().ifPresent(name -> json.put("outputTableName", name));
    putProcessor(json, source.processor());
    json.put("columns", source.columns().stream().map(PlanJson::column).toList());
    return json;
  }

  private static Map<String, Object> table(SyncPlan.Table table) {
    return object(
        "connection",
        table.connection().orElse(null),
        "schema",
        table.schema().orElse(null),
        "table",
        table.name());
  }

  private static void putProcessor(Map<String, Object> json, SyncPlan.Processor processor) {
    json.put(
        "tableValuedFunctions", processor.functions().stream().map(PlanJson::function).toList());
    json.put("filters", ExpressionJson.writeAll(processor.filters()));
    json.put(
        "partitionBy",
        processor.keys().stream().map(key -> object("expr", ExpressionJson.write(key))).toList());
  }

  private static Map<String, Object> function(SyncPlan.RowFunction function) {
    return object(
        "functionName",
        function.name(),
        "functionInputs",
        ExpressionJson.writeAll(function.arguments()));
  }

  private static Object column(SyncPlan.OutputColumn column) {
    return column instanceof SyncPlan.OutputColumn.Named named
        ? object("expr", ExpressionJson.write(named.expression()), "alias", named.alias())
        : "star";
  }

  private static Map<String, Object> bucket(SyncPlan.Bucket bucket, SyncPlan plan) {
    return object(
        "hash",
        (long) PlanHashes.of(bucket, plan),
        "uniqueName",
        bucket.name(),
        "sources",
        bucket.sources().stream().map(Integer::longValue).toList());
  }

  private static Map<String, Object> index(SyncPlan.ParameterIndex index) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("hash", (long) PlanHashes.of(index));
    json.put("table", table(index.processor().table()));
    putProcessor(json, index.processor());
    json.put("output", ExpressionJson.writeAll(index.outputs()));
    json.put("lookupScope", object("lookupName", index.scope(), "queryId", index.queryId()));
    return json;
  }

  private static Map<String, Object> stream(SyncPlan.Stream stream) {
    return object(
        "stream",
        object(
            "name",
            stream.name(),
            "priority",
            (long) stream.priority(),
            "isSubscribedByDefault",
            stream.autoSubscribe()),
        "queriers",
        stream.queriers().stream().map(PlanJson::querier).toList());
  }

  private static Map<String, Object> querier(SyncPlan.Querier querier) {
    return object(
        "requestFilters",
        ExpressionJson.writeAll(querier.requestFilters()),
        "lookupStages",
        querier.stages().stream()
            .map(stage -> stage.stream().map(PlanJson::entry).toList())
            .toList(),
        "bucket",
        (long) querier.bucket(),
        "sourceInstantiation",
        values(querier.values()));
  }

  private static Map<String, Object> entry(SyncPlan.StageEntry entry) {
    if (entry instanceof SyncPlan.StageEntry.Lookup lookup) {
      return object(
          "type",
          "parameter",
          "lookup",
          (long) lookup.index(),
          "instantiation",
          values(lookup.keys()));
    }
    SyncPlan.StageEntry.Function function = (SyncPlan.StageEntry.Function) entry;
    return object(
        "type",
        "table_valued",
        "functionName",
        function.function().name(),
        "functionInputs",
        ExpressionJson.writeAll(function.function().arguments()),
        "outputs",
        ExpressionJson.writeAll(function.outputs()),
        "filters",
        ExpressionJson.writeAll(function.filters()));
  }

  private static List<Object> values(List<SyncPlan.Value> values) {
    List<Object> json = new ArrayList<>();
    values.forEach(value -> json.add(value(value)));
    return json;
  }

  private static Map<String, Object> value(SyncPlan.Value value) {
    if (value instanceof SyncPlan.Value.Request request) {
      return object("type", "request", "expr", ExpressionJson.write(request.expression()));
    }
    if (value instanceof SyncPlan.Value.Output output) {
      return object(
          "type",
          "lookup",
          "lookup",
          object("stageId", (long) output.stage(), "idInStage", (long) output.entry()),
          "resultIndex",
          (long) output.output());
    }
    return object(
        "type", "intersection", "values", values(((SyncPlan.Value.Intersection) value).values()));
  }

  /** An object of names and values in turn. */
  static Map<String, Object> object(Object... members) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      object.put((String) members[i], members[i + 1]);
    }
    return object;
  }
}
