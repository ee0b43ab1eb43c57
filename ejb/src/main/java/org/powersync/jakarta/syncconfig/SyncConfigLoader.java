package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.bucket.BucketDefinitionCompiler;
import org.powersync.jakarta.syncconfig.early.EarlyStreamCompiler;
import org.powersync.jakarta.syncconfig.event.Event;
import org.powersync.jakarta.syncconfig.event.EventCompiler;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.yaml.ConfigOptions;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SyncConfigDocument;

/** Takes a document through all steps of loading. */
final class SyncConfigLoader {
  private static final int NEWEST_SUPPORTED_EDITION = 2;

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
    if (options.compatibility().edition() == 2) {
      EarlyStreamCompiler streams = new EarlyStreamCompiler(settings, messages);
      document.streams().forEach(d -> definitions.add(streams.compile(d)));
    }
    EventCompiler events = new EventCompiler(settings, messages);
    List<Event> compiledEvents = document.events().stream().map(events::compile).toList();
    document.checkSchema(messages);
    refuseUnsupported(document);
    return new SyncConfig(
        options.compatibility(), options.storageVersion(), definitions, compiledEvents);
  }

  /** What the language has and this version cannot do is said, never ignored. */
  private void refuseUnsupported(SyncConfigDocument document) {
    if (document.options().compatibility().edition() > NEWEST_SUPPORTED_EDITION) {
      notSupported("Edition 3 (compiled streams)");
    }
  }

  private void notSupported(String feature) {
    messages.fatal("not-supported-yet", feature + " is not supported yet");
  }
}
