package org.powersync.jakarta.diagnostics;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.SourceInspection.PatternTables;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.LoadResult;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.describe.DefinitionText;

/**
 * What a text means on a source (sync API section 2.6).
 *
 * @param errors why it is not valid; empty when it is
 * @param streams names of its streams
 * @param definitions its bucket definitions
 * @param outputTables what clients call the tables it fills; a pattern if it is one without alias
 */
public record ConfigDescription(
    List<String> errors,
    List<String> streams,
    List<DefinitionText> definitions,
    List<PatternTables> sourceTables,
    List<String> outputTables) {
  public ConfigDescription {
    errors = List.copyOf(errors);
    streams = List.copyOf(streams);
    definitions = List.copyOf(definitions);
    sourceTables = List.copyOf(sourceTables);
    outputTables = List.copyOf(outputTables);
  }

  public boolean valid() {
    return errors.isEmpty();
  }

  /** Reads a text and looks its tables up; a source that does not answer makes it invalid. */
  static ConfigDescription of(String text, SourceInspection source) {
    LoadResult loaded = SyncConfig.load(text, source.defaultSchema());
    if (loaded.config().isEmpty()) {
      return invalid(loaded.fatal().stream().map(ConfigMessage::text).toList());
    }
    SyncConfig config = loaded.config().get();
    List<DefinitionText> definitions = DefinitionText.of(text, source.defaultSchema());
    Set<String> notStreams =
        definitions.stream().map(DefinitionText::name).collect(Collectors.toSet());
    try {
      return new ConfigDescription(
          List.of(),
          config.definitions().stream()
              .map(DefinitionInfo::name)
              .filter(name -> !notStreams.contains(name))
              .toList(),
          definitions,
          source.tables(config.deployed(BucketNaming.UNVERSIONED)),
          config.results().stream()
              .map(result -> result.outputTable().orElse(result.source().name()))
              .distinct()
              .toList());
    } catch (PowerSyncException e) {
      return invalid(List.of(e.getMessage()));
    }
  }

  static ConfigDescription invalid(List<String> errors) {
    return new ConfigDescription(errors, List.of(), List.of(), List.of(), List.of());
  }
}
