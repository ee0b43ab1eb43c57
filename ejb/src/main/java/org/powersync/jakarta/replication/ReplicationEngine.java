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
  private static final String DEFAULT_SCHEMA = "public";

  @Inject private ServiceConfiguration configuration;
  @Inject private BucketStorageProvider storage;
  @Inject private Instance<ReplicationSource> sources;
  @Inject private Counters counters;
  @Resource private ManagedThreadFactory threads;

  private volatile boolean started;
  private volatile Replicator replicator;
  private volatile Duration heartbeat = SourceConnection.DEFAULT_HEARTBEAT_INTERVAL;

  void start(@Observes StorageReady ready) {
    PowerSyncConfiguration settings = configuration.require();
    if (settings.runnerType().replicates() && settings.source().isPresent()) {
      heartbeat = settings.source().get().heartbeatInterval();
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
    started = true;
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
    return running == null ? ReplicationStatus.OFF : running.status();
  }

  /** When replication last showed life; now, when this process does not replicate. */
  public Instant touchedAt() {
    Replicator running = replicator;
    return running == null ? Instant.now() : running.touchedAt();
  }

  /** Interval of heartbeats: an idle source confirms a position this often. */
  public Duration heartbeat() {
    return heartbeat;
  }
}
