package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.event.Event;
import org.powersync.jakarta.syncconfig.expression.RequestValues;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** The definitions of a config with their bucket names; evaluators are kept per table. */
final class NamedSyncConfig implements DeployedSyncConfig {
  private final SyncConfig config;
  private final Map<String, DeployedDefinition> definitions;
  private final List<Event> events;
  private final Set<String> defaults;
  private final Map<TableName, TableEvaluator> tables = new ConcurrentHashMap<>();

  NamedSyncConfig(
      SyncConfig config, Map<String, DeployedDefinition> definitions, List<Event> events) {
    this.config = config;
    this.events = events;
    this.definitions = definitions;
    this.defaults =
        config.definitions().stream()
            .filter(DefinitionInfo::isDefault)
            .map(DefinitionInfo::name)
            .collect(Collectors.toSet());
  }

  @Override
  public SyncConfig config() {
    return config;
  }

  @Override
  public TableEvaluator evaluator(TableName table) {
    return tables.computeIfAbsent(table, this::compile);
  }

  private TableEvaluator compile(TableName table) {
    List<RowQuery<BucketRow>> data = new ArrayList<>();
    List<RowQuery<ParameterEntry>> parameters = new ArrayList<>();
    for (DeployedDefinition definition : definitions.values()) {
      data.addAll(definition.dataQueries(table));
      parameters.addAll(definition.parameterQueries(table));
    }
    List<RowQuery<EventPayload>> payloads =
        events.stream().flatMap(event -> event.over(table).stream()).toList();
    return new CompiledTable(data, parameters, payloads);
  }

  @Override
  public RequestEvaluation evaluate(SyncRequest request) {
    RequestValues values = new RequestValues(request);
    List<ResolvedBucket> buckets = new ArrayList<>();
    List<PendingBuckets> pending = new ArrayList<>();
    List<SyncRequest.StreamError> errors = new ArrayList<>();
    for (Map.Entry<String, DeployedDefinition> entry : definitions.entrySet()) {
      if (takesPart(entry.getKey(), request)) {
        DeployedDefinition.Resolution resolution =
            evaluate(entry.getKey(), entry.getValue(), request, values);
        buckets.addAll(resolution.buckets());
        pending.addAll(resolution.pending());
        errors.addAll(resolution.errors());
      }
    }
    return new EvaluatedRequest(buckets, errors, pending);
  }

  @Override
  public List<RowExplanation> explain(TableName table, SourceRow row) {
    return Explanations.ofRow(definitions.values(), table, row);
  }

  @Override
  public List<RequestExplanation> explain(SyncRequest request, LookupSource source) {
    return definitions.entrySet().stream()
        .map(
            entry ->
                takesPart(entry.getKey(), request)
                    ? Explanations.ofRequest(entry.getKey(), entry.getValue(), request, source)
                    : RequestExplanation.notSubscribed(entry.getKey()))
        .toList();
  }

  private boolean takesPart(String name, SyncRequest request) {
    return request.includeDefaults() && defaults.contains(name)
        || request.subscriptions().stream().anyMatch(s -> s.stream().equals(name));
  }

  private static DeployedDefinition.Resolution evaluate(
      String name, DeployedDefinition definition, SyncRequest request, RequestValues values) {
    try {
      return definition.evaluate(request, values);
    } catch (EvaluationException e) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S2001, "A bucket definition cannot be evaluated for this request", e)
          .with("definition", name)
          .with("about", e.about());
    }
  }
}
