package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.bucket.BucketDefinitionCompiler;
import org.powersync.jakarta.syncconfig.early.EarlyStreamCompiler;
import org.powersync.jakarta.syncconfig.event.Event;
import org.powersync.jakarta.syncconfig.event.EventCompiler;
import org.powersync.jakarta.syncconfig.plan.PlannedStreams;
import org.powersync.jakarta.syncconfig.plan.StoredPlan;
import org.powersync.jakarta.syncconfig.plan.SyncPlan;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.schema.SchemaCheck;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.stream.StreamCompiler;
import org.powersync.jakarta.syncconfig.yaml.ConfigOptions;
import org.powersync.jakarta.syncconfig.yaml.EventDefinition;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;
import org.powersync.jakarta.syncconfig.yaml.SyncConfigDocument;

/** Takes a document through all steps of loading. */
final class SyncConfigLoader {
  /** From this edition on, streams are compiled together into one plan. */
  private static final int FIRST_COMPILED_EDITION = 3;

  private final String defaultSchema;
  private final Optional<SourceSchema> schema;
  private final Messages messages;

  private SyncConfigLoader(String yaml, String defaultSchema, Optional<SourceSchema> schema) {
    this.defaultSchema = defaultSchema;
    this.schema = schema;
    this.messages = new Messages(yaml);
  }

  static LoadResult load(String yaml, String defaultSchema, Optional<SourceSchema> schema) {
    SyncConfigLoader loader = new SyncConfigLoader(yaml, defaultSchema, schema);
    Optional<SyncConfig> config =
        SyncConfigDocument.read(yaml, loader.messages).map(loader::compile);
    return new LoadResult(
        config.filter(usable -> !loader.messages.hasFatal()), loader.messages.toList());
  }

  private SyncConfig compile(SyncConfigDocument document) {
    ConfigOptions options = document.options();
    CompilerSettings settings =
        new CompilerSettings(options.compatibility(), defaultSchema, schema);
    List<Definition> definitions = new ArrayList<>();
    BucketDefinitionCompiler buckets = new BucketDefinitionCompiler(settings, messages);
    document.bucketDefinitions().forEach(d -> definitions.add(buckets.compile(d)));
    if (options.compatibility().edition() < FIRST_COMPILED_EDITION) {
      EarlyStreamCompiler streams = new EarlyStreamCompiler(settings, messages);
      document.streams().forEach(d -> definitions.add(streams.compile(d)));
    }
    EventCompiler events = new EventCompiler(settings, messages);
    List<Event> compiledEvents = document.events().stream().map(events::compile).toList();
    Optional<SyncPlan> plan = compiledStreams(document);
    document.checkSchema(messages);
    if (plan.isPresent() && !messages.hasFatal()) {
      definitions.addAll(PlannedStreams.of(plan.get(), options.compatibility(), defaultSchema));
    }
    return new SyncConfig(
        options.compatibility(),
        options.storageVersion(),
        definitions,
        compiledEvents,
        plan.map(compiled -> stored(compiled, document)));
  }

  private Optional<SyncPlan> compiledStreams(SyncConfigDocument document) {
    if (document.options().compatibility().edition() < FIRST_COMPILED_EDITION) {
      return Optional.empty();
    }
    schema.ifPresent(known -> SchemaCheck.check(document, defaultSchema, known, messages));
    return Optional.of(StreamCompiler.compile(document, messages));
  }

  private StoredPlan stored(SyncPlan plan, SyncConfigDocument document) {
    Map<String, List<String>> events = new LinkedHashMap<>();
    for (EventDefinition event : document.events()) {
      events.put(event.name(), event.payloads().stream().map(SqlText::text).toList());
    }
    return new StoredPlan(
        plan,
        document.options().compatibility(),
        document.options().overrides(),
        events,
        messages.toList().stream().map(StoredPlan.Warning::of).toList());
  }
}
