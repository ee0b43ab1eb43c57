package org.powersync.jakarta.storage.postgres.compact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.Compaction;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.CompactionReport.Outcome;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StorageReady;
import org.powersync.jakarta.storage.postgres.StorageResources;

/**
 * Maintenance that the service does by itself, in processes that replicate: totals of large buckets
 * when a stream is first seen active, and compaction once per time window, if one is configured.
 * Several processes may do so; only one finds work. Never stops for a failure, which is logged and
 * tried again.
 */
@ApplicationScoped
public class CompactionSchedule {
  private static final Logger LOG = Logger.getLogger(CompactionSchedule.class.getName());
  private static final Duration TICK = Duration.ofMinutes(1);

  private final BucketStorageProvider provider;
  private final Compaction compaction;
  private final ScheduledExecutorService scheduler;
  private final MaintenanceSettings settings;
  private final Clock clock;
  private volatile boolean stopped;
  private GroupId summed;
  private LocalDate done;

  /** For the container's proxy only. */
  protected CompactionSchedule() {
    provider = null;
    compaction = null;
    scheduler = null;
    settings = null;
    clock = null;
  }

  @Inject
  public CompactionSchedule(
      StorageResources resources,
      MaintenanceSettings settings,
      BucketStorageProvider provider,
      Compaction compaction) {
    this(provider, compaction, resources.scheduler(), settings, Clock.systemUTC());
  }

  CompactionSchedule(
      BucketStorageProvider provider,
      Compaction compaction,
      ScheduledExecutorService scheduler,
      MaintenanceSettings settings,
      Clock clock) {
    this.provider = provider;
    this.compaction = compaction;
    this.scheduler = scheduler;
    this.settings = settings;
    this.clock = clock;
  }

  void start(@Observes StorageReady ready) {
    if (settings.enabled()) {
      later();
    }
  }

  void stop(@Observes Shutdown event) {
    stopped = true;
  }

  /** Does what is due at this moment; one thread at a time. */
  void tick() {
    Optional<ReplicationStream> active = provider.active();
    if (active.isEmpty()) {
      return;
    }
    GroupId stream = active.get().id();
    if (!stream.equals(summed)) {
      compaction.finishInitialReplication(stream, () -> stopped);
      summed = stream;
    }
    Instant now = clock.instant();
    settings
        .window()
        .flatMap(window -> window.at(now))
        .filter(occurrence -> !occurrence.day().equals(done))
        .ifPresent(occurrence -> compact(stream, occurrence, now));
  }

  private void compact(GroupId stream, CompactionWindow.Occurrence occurrence, Instant now) {
    CompactionReport report =
        compaction.compact(
            stream,
            CompactionOptions.DEFAULT
                .withTimeLimit(occurrence.left(now))
                .withExpireRequestsBefore(now.minus(settings.requestRetention())),
            () -> stopped);
    // Another process that is at it may break off; so look again until it is done.
    if (report.outcome() == Outcome.DONE) {
      done = occurrence.day();
    }
    if (report.outcome() == Outcome.DONE || report.outcome() == Outcome.INTERRUPTED) {
      LOG.log(Level.INFO, "Compaction of stream {0}: {1}", new Object[] {stream, report});
    }
  }

  private void later() {
    if (stopped) {
      return;
    }
    try {
      scheduler.schedule(this::run, TICK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.FINE, "The application stops, no more compaction", e);
    }
  }

  private void run() {
    try {
      tick();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Compaction failed and is tried again in a minute", e);
    } finally {
      later();
    }
  }
}
