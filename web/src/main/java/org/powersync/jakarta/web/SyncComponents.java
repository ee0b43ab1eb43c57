package org.powersync.jakarta.web;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.SourcePositions;
import org.powersync.jakarta.sync.ChangeFeed;
import org.powersync.jakarta.sync.ConnectionEvents;
import org.powersync.jakarta.sync.DataSlots;
import org.powersync.jakarta.sync.SyncStream;
import org.powersync.jakarta.sync.SyncStreams;
import org.powersync.jakarta.sync.WriteCheckpointRequests;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.HealthContributor;
import org.powersync.jakarta.telemetry.HealthReport;

/** The parts of the sync API, one of each per process. Safe for all threads. */
@ApplicationScoped
public class SyncComponents implements HealthContributor {
  private static final Logger LOG = Logger.getLogger(SyncComponents.class.getName());

  /** Clients are sent away one after the other, not all at once. */
  private static final Duration SHUTDOWN_SPREAD = Duration.ofSeconds(5);

  /** Streams end at a line boundary; this is for clients that take their time reading one. */
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(10);

  private static final int CHECKPOINT_REQUESTS = 100;

  @Inject private BucketStorageProvider storage;
  @Inject private ApiOptions options;
  @Inject private Counters counters;
  @Inject private StreamThreads threads;
  @Inject private Instance<SourcePositions> source;
  @Inject private Instance<ConnectionEvents> events;

  /**
   * When it stops, the server first waits 30 s for requests to end and only then stops
   * applications; without this every restart would take that long.
   */
  private final Thread shutdownHook = new Thread(this::endStreams, "sync-streams-shutdown");

  private Optional<TerminationSignal> signal = Optional.empty();

  private SyncStreams streams;
  private WriteCheckpointRequests checkpointRequests;
  private Admission streamAdmission;
  private GonePlaces gonePlaces;
  private final Admission checkpointAdmission =
      new Admission(CHECKPOINT_REQUESTS, CHECKPOINT_REQUESTS);

  @PostConstruct
  void start() {
    int slots = options.maxDataFetchConcurrency();
    // Streams run on many threads, and this generator must not be tied to the one that starts us.
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    streams =
        new SyncStreams(
            storage,
            options.streamLimits(),
            new SyncStream.Shared(
                new DataSlots(slots, threads.pooled(slots), counters),
                threads.background(),
                Clock.systemUTC(),
                random,
                counters),
            active -> ChangeFeed.of(active.reader()),
            threads::startStream,
            events.isResolvable() ? events.get() : ConnectionEvents.NONE);
    checkpointRequests =
        new WriteCheckpointRequests(
            storage.writeCheckpoints(),
            () -> source.get().head(),
            () -> source.get().advance(),
            threads.background());
    streamAdmission = new Admission(options.maxConcurrentStreams(), 0);
    gonePlaces = new GonePlaces(streams);
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    signal = TerminationSignal.handle(this::endStreams);
  }

  @PreDestroy
  void stop() {
    signal.ifPresent(TerminationSignal::close);
    endStreams();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      LOG.log(Level.FINE, "The process is going down, and so is the hook", e);
    }
  }

  /** When the application is stopped while streams are being ended, there is no time to spread. */
  private void endStreams() {
    Duration spread = streams.closing() ? Duration.ZERO : SHUTDOWN_SPREAD;
    if (counters.openStreams() > 0) {
      LOG.log(Level.INFO, "Ending {0} sync streams", counters.openStreams());
    }
    try {
      if (!streams.close(spread, SHUTDOWN_PATIENCE)) {
        LOG.log(Level.INFO, "Some sync streams did not end in time and are cut off");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public SyncStreams streams() {
    return streams;
  }

  @Override
  public String name() {
    return "sync";
  }

  /** Turns before the first stream is ended, so that no new client is sent here. */
  @Override
  public HealthReport health() {
    return streams.closing()
        ? HealthReport.down("The process is shutting down")
        : HealthReport.up(Map.of("open streams", counters.openStreams()));
  }

  public WriteCheckpointRequests checkpointRequests() {
    return checkpointRequests;
  }

  /** Storage of the active sync config; PSYNC_S2302 when there is none. */
  public BucketStorage activeStorage() {
    return SyncStreams.activeStorage(storage);
  }

  /** The positions of the source. */
  public SourcePositions source() {
    return source.get();
  }

  Admission streamAdmission() {
    return streamAdmission;
  }

  GonePlaces gonePlaces() {
    return gonePlaces;
  }

  Admission checkpointAdmission() {
    return checkpointAdmission;
  }
}
