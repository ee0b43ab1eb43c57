package org.powersync.jakarta.syncconfig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.powersync.jakarta.syncconfig.event.Event;
import org.powersync.jakarta.syncconfig.event.EventCompiler;
import org.powersync.jakarta.syncconfig.plan.PlannedStreams;
import org.powersync.jakarta.syncconfig.plan.StoredPlan;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.schema.ResultTable;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.schema.SubscribableStream;

/** A loaded sync config. Immutable; safe for all threads. */
public final class SyncConfig {
  private final Compatibility compatibility;
  private final OptionalInt storageVersion;
  private final List<Definition> definitions;
  private final List<Event> events;
  private final Optional<StoredPlan> plan;

  SyncConfig(
      Compatibility compatibility,
      OptionalInt storageVersion,
      List<Definition> definitions,
      List<Event> events,
      Optional<StoredPlan> plan) {
    this.compatibility = compatibility;
    this.storageVersion = storageVersion;
    this.definitions = List.copyOf(definitions);
    this.events = List.copyOf(events);
    this.plan = plan;
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

  /**
   * The config that a stored plan was made from, without reading its document again (sync config
   * section 12).
   *
   * @param plan what {@link #storedPlan} gave, here or in the reference
   * @param defaultSchema schema of unqualified table names
   * @throws org.powersync.jakarta.error.PowerSyncException PSYNC_R0001 when it cannot be used
   */
  public static SyncConfig ofStoredPlan(String plan, String defaultSchema) {
    StoredPlan stored = StoredPlan.read(plan);
    return new SyncConfig(
        stored.compatibility(),
        OptionalInt.empty(),
        PlannedStreams.of(stored.plan(), stored.compatibility(), defaultSchema),
        EventCompiler.ofStored(
            stored.events(),
            new CompilerSettings(stored.compatibility(), defaultSchema, Optional.empty())),
        Optional.of(stored));
  }

  /**
   * The compiled plan as JSON text, to be stored with the document; only edition 3 has one. Loading
   * it again gives the same config, whatever a later compiler would make of the document.
   */
  public Optional<String> storedPlan() {
    return plan.map(StoredPlan::json);
  }

  /** The options in force. */
  public Compatibility compatibility() {
    return compatibility;
  }

  /** The storage version the document asks for; a stored plan does not know. */
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

  /** The streams of edition 3 that clients subscribe to themselves, in document order. */
  public List<SubscribableStream> subscribableStreams() {
    return definitions.stream().flatMap(definition -> definition.subscribable().stream()).toList();
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
