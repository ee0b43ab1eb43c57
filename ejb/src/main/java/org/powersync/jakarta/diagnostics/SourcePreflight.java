package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * What stands in the way of replicating the configured source, with the tables of all sync configs
 * that are deployed, or else of the one that is configured. Asks anew at each call; bucket storage
 * need not be ready. Safe for all threads.
 */
@ApplicationScoped
public class SourcePreflight {
  private static final Logger LOG = Logger.getLogger(SourcePreflight.class.getName());

  private final ServiceConfiguration configuration;
  private final BucketStorageProvider storage;
  private final ConfiguredSource source;

  /** For the container's proxy only. */
  protected SourcePreflight() {
    this(null, null, null);
  }

  @Inject
  public SourcePreflight(
      ServiceConfiguration configuration, BucketStorageProvider storage, ConfiguredSource source) {
    this.configuration = configuration;
    this.storage = storage;
    this.source = source;
  }

  /**
   * All findings, server first.
   *
   * @throws PowerSyncException PSYNC_S2001 when no source connection is configured
   */
  public List<PreflightFinding> run() {
    SourceInspection inspection = source.require();
    return inspection.preflight(patterns(inspection.defaultSchema()));
  }

  private List<TablePattern> patterns(String schema) {
    return texts()
        .flatMap(text -> SyncConfig.load(text, schema).config().stream())
        .flatMap(config -> config.sourceTables().stream())
        .distinct()
        .toList();
  }

  private Stream<String> texts() {
    try {
      List<ReplicationStream> deployed = storage.replicating();
      if (!deployed.isEmpty()) {
        return deployed.stream().map(ReplicationStream::content);
      }
    } catch (PowerSyncException e) {
      LOG.log(Level.FINE, "Storage does not say what is deployed", e);
    }
    try {
      return configuration.require().syncConfig().read().stream();
    } catch (PowerSyncException e) {
      LOG.log(Level.FINE, "The configured sync config cannot be read", e);
      return Stream.empty();
    }
  }
}
