package org.powersync.jakarta.replication;

import java.util.List;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * What a sync config asks of its source.
 *
 * @param patterns tables it reads
 * @param compatibility how their values are decoded
 */
public record TableSelection(List<TablePattern> patterns, Compatibility compatibility) {
  public TableSelection {
    patterns = List.copyOf(patterns);
  }

  public static TableSelection of(DeployedSyncConfig config) {
    return new TableSelection(config.config().sourceTables(), config.config().compatibility());
  }
}
