package org.powersync.jakarta.replication;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.PowerSyncConfiguration;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.config.SourceConnection;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.StorageReady;
import org.powersync.jakarta.telemetry.Counters;

/**
 * Replication of this process: starts when storage is ready, if this kind of process replicates and
 * a source is configured, and ends with the application. Readable from all threads.
 */
@ApplicationScoped
public class ReplicationEngine {
  private static final Logger LOG = Logger.getLogger(ReplicationEngine.class.getName());
  private static final String DEFAULT_SCHEMA = "public";

  @Inject private ServiceConfiguration configuration;
  @Inject private BucketStorageProvider storage;
  @Inject private Instance<ReplicationSource> sources;
  @Inject private Counters counters;
  @Resource private ManagedThreadFactory threads;

  private volatile boolean started;
  private volatile Replicator replicator;
  private volatile ReplicationStatus.Problem failure;
  private volatile Duration heartbeat = SourceConnection.DEFAULT_HEARTBEAT_INTERVAL;

  void start(@Observes StorageReady ready) {
    PowerSyncConfiguration settings = configuration.require();
    if (settings.runnerType().replicates() && settings.source().isPresent()) {
      heartbeat = settings.source().get().heartbeatInterval();
      try {
        startReplicator(settings);
      } catch (RuntimeException e) {
        // Storage is ready all the same: clients are served, and health says what to mend.
        LOG.log(Level.SEVERE, e, () -> "Replication cannot start: " + e.getMessage());
        failure = StreamProgress.problem(e, Instant.now());
      }
    }
    started = true;
  }

  private void startReplicator(PowerSyncConfiguration settings) {
    ReplicatorOptions options =
        new ReplicatorOptions(
            settings.syncConfig()::read,
            settings.exitOnSyncConfigError(),
            DEFAULT_SCHEMA,
            heartbeat);
    Replicator created =
        new Replicator(storage, sources.get(), options, counters, threads, Clock.systemUTC());
    replicator = created;
    created.start();
  }

  @PreDestroy
  void stop() {
    Replicator running = replicator;
    if (running != null) {
      running.close();
    }
  }

  /** False until storage is ready. */
  public boolean started() {
    return started;
  }

  /** What replication is doing now. */
  public ReplicationStatus status() {
    Replicator running = replicator;
    if (running != null) {
      return running.status();
    }
    ReplicationStatus.Problem cause = failure;
    return cause == null
        ? ReplicationStatus.OFF
        : new ReplicationStatus("postgresql", false, Optional.of(cause), List.of());
  }

  /** When the replicator's loop last turned; now, when this process does not replicate. */
  public Instant turnedAt() {
    Replicator running = replicator;
    return running == null ? Instant.now() : running.turnedAt();
  }

  /** Interval of heartbeats: an idle source confirms a position this often. */
  public Duration heartbeat() {
    return heartbeat;
  }
}
