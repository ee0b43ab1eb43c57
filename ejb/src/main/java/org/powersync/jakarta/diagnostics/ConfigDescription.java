package org.powersync.jakarta.diagnostics;

import java.util.List;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.SourceInspection.PatternTables;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.LoadResult;
import org.powersync.jakarta.syncconfig.SyncConfig;

/**
 * What a text means on a source (sync API section 2.6).
 *
 * @param errors why it is not valid; empty when it is
 * @param edition of the language
 */
public record ConfigDescription(
    List<String> errors,
    int edition,
    List<DefinitionInfo> definitions,
    List<PatternTables> sourceTables) {
  public ConfigDescription {
    errors = List.copyOf(errors);
    definitions = List.copyOf(definitions);
    sourceTables = List.copyOf(sourceTables);
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
    try {
      return new ConfigDescription(
          List.of(),
          config.compatibility().edition(),
          config.definitions(),
          source.tables(config.deployed(BucketNaming.UNVERSIONED)));
    } catch (PowerSyncException e) {
      return invalid(List.of(e.getMessage()));
    }
  }

  static ConfigDescription invalid(List<String> errors) {
    return new ConfigDescription(errors, 0, List.of(), List.of());
  }
}
