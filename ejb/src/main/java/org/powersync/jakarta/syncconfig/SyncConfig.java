package org.powersync.jakarta.syncconfig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.powersync.jakarta.syncconfig.event.Event;
import org.powersync.jakarta.syncconfig.schema.ResultTable;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;

/** A loaded sync config. Immutable; safe for all threads. */
public final class SyncConfig {
  private final Compatibility compatibility;
  private final OptionalInt storageVersion;
  private final List<Definition> definitions;
  private final List<Event> events;

  SyncConfig(
      Compatibility compatibility,
      OptionalInt storageVersion,
      List<Definition> definitions,
      List<Event> events) {
    this.compatibility = compatibility;
    this.storageVersion = storageVersion;
    this.definitions = List.copyOf(definitions);
    this.events = List.copyOf(events);
  }

  /**
   * Loads a document, with all its messages. Never throws for bad input.
   *
   * @param yaml the text, stored and compared verbatim
   * @param defaultSchema schema of unqualified table names, {@code public} for PostgreSQL
   */
  public static LoadResult load(String yaml, String defaultSchema) {
    return SyncConfigLoader.load(yaml, defaultSchema, Optional.empty());
  }

  /**
   * Loads a document and warns about tables and columns that the source does not have.
   *
   * @param schema the tables of all source connections
   */
  public static LoadResult load(String yaml, String defaultSchema, SourceSchema schema) {
    return SyncConfigLoader.load(yaml, defaultSchema, Optional.of(schema));
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
    return Stream.concat(
            definitions.stream().flatMap(definition -> definition.sourceTables().stream()),
            events.stream().flatMap(event -> event.sourceTables().stream()))
        .distinct()
        .toList();
  }

  /** Bucket definitions and streams in document order. */
  public List<DefinitionInfo> definitions() {
    return definitions.stream().map(Definition::info).toList();
  }

  /** What its queries put out, in document order. */
  public List<ResultTable> results() {
    return definitions.stream().flatMap(definition -> definition.results().stream()).toList();
  }

  /** This config with the bucket names of one replication stream. */
  public DeployedSyncConfig deployed(BucketNaming naming) {
    Map<String, DeployedDefinition> deployed = new LinkedHashMap<>();
    for (Definition definition : definitions) {
      deployed.put(definition.info().name(), definition.deployed(naming));
    }
    return new NamedSyncConfig(this, deployed, events);
  }
}
