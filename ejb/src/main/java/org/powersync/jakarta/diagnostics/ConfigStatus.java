package org.powersync.jakarta.diagnostics;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.replication.SourceInspection.TableInfo;
import org.powersync.jakarta.replication.SourceInspection.WalBudgetReport;
import org.powersync.jakarta.storage.Lsn;

/**
 * How a sync config is replicated, and what is wrong with it (sync API section 2.5, {@code
 * SyncRulesStatus}).
 *
 * @param content the text, if it was asked for
 * @param connections one, or none when the text cannot be used or there is no source
 * @param findings without duplicates
 */
public record ConfigStatus(
    Optional<String> content, List<Connection> connections, List<Finding> findings) {
  public ConfigStatus {
    connections = List.copyOf(connections);
    findings = List.copyOf(new LinkedHashSet<>(findings));
  }

  /**
   * Replication over one source connection.
   *
   * @param slotName empty text for a config that is not deployed
   */
  public record Connection(
      String id,
      String tag,
      String slotName,
      Progress progress,
      OptionalLong lagBytes,
      Optional<WalBudgetReport> walBudget,
      List<TableInfo> tables) {
    public Connection {
      tables = List.copyOf(tables);
    }
  }

  /** What storage knows of the progress. */
  public record Progress(
      boolean initialReplicationDone,
      Optional<Lsn> lastLsn,
      Optional<Instant> lastCheckpoint,
      Optional<Instant> lastKeepalive) {
    static final Progress NONE =
        new Progress(false, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
