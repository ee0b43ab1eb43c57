package org.powersync.jakarta.syncconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.bucket.BucketDefinitionCompiler;
import org.powersync.jakarta.syncconfig.bucket.CompilerSettings;
import org.powersync.jakarta.syncconfig.yaml.ConfigOptions;
import org.powersync.jakarta.syncconfig.yaml.EventDefinition;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.StreamDefinition;
import org.powersync.jakarta.syncconfig.yaml.SyncConfigDocument;

/** Takes a document through all steps of loading. */
final class SyncConfigLoader {
  private static final int NEWEST_SUPPORTED_EDITION = 2;

  private final String defaultSchema;
  private final Messages messages;

  private SyncConfigLoader(String yaml, String defaultSchema) {
    this.defaultSchema = defaultSchema;
    this.messages = new Messages(yaml);
  }

  static LoadResult load(String yaml, String defaultSchema) {
    SyncConfigLoader loader = new SyncConfigLoader(yaml, defaultSchema);
    Optional<SyncConfig> config =
        SyncConfigDocument.read(yaml, loader.messages).map(loader::compile);
    return new LoadResult(
        config.filter(usable -> !loader.messages.hasFatal()), loader.messages.toList());
  }

  private SyncConfig compile(SyncConfigDocument document) {
    ConfigOptions options = document.options();
    BucketDefinitionCompiler buckets =
        new BucketDefinitionCompiler(
            new CompilerSettings(options.compatibility(), defaultSchema), messages);
    List<Definition> definitions = new ArrayList<>();
    document.bucketDefinitions().forEach(d -> definitions.add(buckets.compile(d)));
    document.checkSchema(messages);
    refuseUnsupported(document);
    return new SyncConfig(options.compatibility(), options.storageVersion(), definitions);
  }

  /** What the language has and this version cannot do is said, never ignored. */
  private void refuseUnsupported(SyncConfigDocument document) {
    if (document.options().compatibility().edition() > NEWEST_SUPPORTED_EDITION) {
      notSupported("Edition 3 (compiled streams)");
      return;
    }
    if (!document.streams().isEmpty()) {
      StreamDefinition first = document.streams().get(0);
      messages.fatal("not-supported-yet", "Streams are not supported yet", first.namePlace());
    }
    if (!document.events().isEmpty()) {
      EventDefinition first = document.events().get(0);
      messages.fatal(
          "not-supported-yet", "Event definitions are not supported yet", first.namePlace());
    }
  }

  private void notSupported(String feature) {
    messages.fatal("not-supported-yet", feature + " is not supported yet");
  }
}
