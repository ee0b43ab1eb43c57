package org.powersync.jakarta.syncconfig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A loaded sync config. Immutable; safe for all threads. */
public final class SyncConfig {
  private final Compatibility compatibility;
  private final OptionalInt storageVersion;
  private final List<Definition> definitions;

  SyncConfig(
      Compatibility compatibility, OptionalInt storageVersion, List<Definition> definitions) {
    this.compatibility = compatibility;
    this.storageVersion = storageVersion;
    this.definitions = List.copyOf(definitions);
  }

  /**
   * Loads a document, with all its messages. Never throws for bad input.
   *
   * @param yaml the text, stored and compared verbatim
   * @param defaultSchema schema of unqualified table names, {@code public} for PostgreSQL
   */
  public static LoadResult load(String yaml, String defaultSchema) {
    return SyncConfigLoader.load(yaml, defaultSchema);
  }

  /** The options in force. */
  public Compatibility compatibility() {
    return compatibility;
  }

  /** The storage version the document asks for. */
  public OptionalInt storageVersion() {
    return storageVersion;
  }

  /** Every table pattern that is read, for data, parameters or events, without duplicates. */
  public List<TablePattern> sourceTables() {
    return definitions.stream()
        .flatMap(definition -> definition.sourceTables().stream())
        .distinct()
        .toList();
  }

  /** Bucket definitions and streams in document order. */
  public List<DefinitionInfo> definitions() {
    return definitions.stream().map(Definition::info).toList();
  }

  /** This config with the bucket names of one replication stream. */
  public DeployedSyncConfig deployed(BucketNaming naming) {
    Map<String, DeployedDefinition> deployed = new LinkedHashMap<>();
    for (Definition definition : definitions) {
      deployed.put(definition.info().name(), definition.deployed(naming));
    }
    return new NamedSyncConfig(this, deployed);
  }
}
