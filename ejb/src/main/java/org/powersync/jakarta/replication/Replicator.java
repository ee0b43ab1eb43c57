package org.powersync.jakarta.replication;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.ReplicationStatus.Problem;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.telemetry.Counters;

/**
 * Replicates every stream of one source connection: finds streams, takes their locks, starts and
 * stops jobs, sends heartbeats, has stopped streams cleaned up (replication section 1.2). The loop
 * runs on a thread of its own until {@link #close}; {@link #status} may be asked by any thread.
 */
public final class Replicator implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Replicator.class.getName());
  private static final Duration REFRESH = Duration.ofSeconds(5);
  private static final Duration FAST_REFRESH = Duration.ofMillis(500);
  private static final Duration FAST_MODE = Duration.ofSeconds(120);
  private static final long JOIN_MILLIS = 30_000;

  private final BucketStorageProvider provider;
  private final ReplicationSource source;
  private final ReplicatorOptions options;
  private final Counters counters;
  private final ThreadFactory threads;
  private final InstantSource clock;

  private final StopSignal stop = new StopSignal();
  private final RateLimiter limiter = new RateLimiter(System::nanoTime);
  private final Map<GroupId, RateLimiter> limiters = new HashMap<>();
  private final Semaphore wakeUps = new Semaphore(0);
  private final StreamCleanup cleanup;
  private final Map<GroupId, RunningJob> jobs = new HashMap<>();
  private final Map<GroupId, StreamProgress> progress = new ConcurrentHashMap<>();
  private final Set<GroupId> announcedLocked = new HashSet<>();
  private final Set<GroupId> announcedForeign = new HashSet<>();
  private final Map<GroupId, String> reported = new HashMap<>();
  private final SyncConfigDeployment deployment;
  private volatile Problem problem;
  private volatile Instant turned;
  private volatile Thread thread;
  private boolean startedAny;
  private long lastHeartbeat = System.nanoTime();

  private record RunningJob(ReplicationJob job, Thread thread) {}

  public Replicator(
      BucketStorageProvider provider,
      ReplicationSource source,
      ReplicatorOptions options,
      Counters counters,
      ThreadFactory threads,
      InstantSource clock) {
    this.provider = provider;
    this.source = source;
    this.options = options;
    this.counters = counters;
    this.threads = threads;
    this.clock = clock;
    this.turned = clock.instant();
    this.deployment = new SyncConfigDeployment(provider, options);
    this.cleanup = new StreamCleanup(provider, source, threads, stop);
  }

  /** Starts the loop. */
  public void start() {
    thread = threads.newThread(this::run);
    thread.start();
  }

  private void run() {
    try {
      Instant fastUntil = clock.instant().plus(FAST_MODE);
      while (!stop.stopped()) {
        turned = clock.instant();
        deployConfigured();
        refreshSafely();
        sendHeartbeat();
        boolean fast = !startedAny && clock.instant().isBefore(fastUntil);
        Duration pause = fast ? FAST_REFRESH : REFRESH;
        wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        wakeUps.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Error e) {
      LOG.log(Level.SEVERE, "The replication loop ended; restart the process", e);
      throw e;
    }
  }

  private void deployConfigured() {
    deployment.advance();
    Optional<String> before = Optional.ofNullable(problem).map(Problem::message);
    Optional<Problem> now =
        deployment.failure().map(e -> StreamProgress.problem(e, clock.instant()));
    if (!before.equals(now.map(Problem::message))) {
      problem = now.orElse(null);
    }
  }

  /** No failure ends the loop: the next refresh tries again. */
  private void refreshSafely() {
    try {
      refresh();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Cannot look for replication streams, trying again", e);
    }
  }

  private void refresh() {
    List<ReplicationStream> wanted =
        provider.replicating().stream()
            .filter(this::ours)
            .sorted(Comparator.comparing(ReplicationStream::id))
            .toList();
    Set<GroupId> wantedIds = new HashSet<>();
    wanted.forEach(stream -> wantedIds.add(stream.id()));
    forgetFinishedJobs();
    stopUnwantedJobs(wantedIds);
    for (ReplicationStream stream : wanted) {
      if (!stop.stopped() && !jobs.containsKey(stream.id())) {
        startJob(stream);
      }
    }
    progress.keySet().removeIf(id -> !wantedIds.contains(id) && !jobs.containsKey(id));
    limiters.keySet().retainAll(wantedIds);
    provider.stopped().forEach(cleanup::start);
  }

  /** An old process of a rolling update leaves a config alone that it was not given (1.2). */
  private boolean ours(ReplicationStream stream) {
    boolean foreign =
        stream.state() == StreamState.PROCESSING
            && deployment.deployed().filter(text -> !text.equals(stream.content())).isPresent();
    if (foreign && announcedForeign.add(stream.id())) {
      LOG.log(
          Level.INFO,
          "Ignoring replication stream {0}: its sync config is not the one of this process",
          stream.name());
    }
    return !foreign;
  }

  private void forgetFinishedJobs() {
    jobs.values().removeIf(running -> running.job().finished());
  }

  private void stopUnwantedJobs(Set<GroupId> wanted) {
    List<RunningJob> unwanted = new ArrayList<>();
    for (Iterator<Map.Entry<GroupId, RunningJob>> i = jobs.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<GroupId, RunningJob> entry = i.next();
      if (!wanted.contains(entry.getKey())) {
        unwanted.add(entry.getValue());
        i.remove();
      }
    }
    unwanted.forEach(running -> running.job().stop());
    unwanted.forEach(running -> join(running.thread()));
  }

  private void startJob(ReplicationStream stream) {
    StreamProgress streamProgress =
        progress.computeIfAbsent(stream.id(), id -> new StreamProgress(stream, clock));
    StreamLock lock = null;
    try {
      lock = provider.lock(stream);
      BucketStorage storage = provider.storage(stream);
      ReplicationAttempt attempt =
          new ReplicationAttempt(
              stream,
              storage,
              TableSelection.of(storage.syncConfig()),
              streamProgress,
              counters,
              new StopSignal());
      ReplicationJob job =
          new ReplicationJob(
              attempt,
              lock,
              source,
              provider,
              limiters.computeIfAbsent(stream.id(), id -> limiter.forStream()),
              clock,
              this::wakeUp);
      Thread jobThread = threads.newThread(job);
      jobs.put(stream.id(), new RunningJob(job, jobThread));
      jobThread.start();
      startedAny = true;
      announcedLocked.remove(stream.id());
      reported.remove(stream.id());
    } catch (RuntimeException e) {
      if (lock != null) {
        lock.close();
      }
      notStarted(stream, streamProgress, e);
    }
  }

  private void notStarted(ReplicationStream stream, StreamProgress status, RuntimeException why) {
    if (why instanceof PowerSyncException coded && coded.code() == ErrorCode.PSYNC_S1003) {
      status.enter(Phase.WAITING_FOR_LOCK, "another process replicates this stream");
      if (announcedLocked.add(stream.id())) {
        LOG.log(Level.INFO, why.getMessage());
      }
    } else {
      status.fail(why);
      String message = String.valueOf(why.getMessage());
      if (!message.equals(reported.put(stream.id(), message))) {
        LOG.log(Level.SEVERE, why, () -> "Cannot start replication of stream " + stream.name());
      }
    }
  }

  private void sendHeartbeat() {
    boolean due = System.nanoTime() - lastHeartbeat >= options.heartbeat().toNanos();
    boolean streaming = jobs.values().stream().anyMatch(running -> running.job().streaming());
    if (!due || !streaming || !limiter.open()) {
      return;
    }
    lastHeartbeat = System.nanoTime();
    try {
      source.heartbeat();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The heartbeat failed, trying again later", e);
    }
  }

  private void wakeUp() {
    wakeUps.release();
  }

  /** What replication is doing now. */
  public ReplicationStatus status() {
    Thread loop = thread;
    return new ReplicationStatus(
        source.id(),
        loop != null && loop.isAlive(),
        Optional.ofNullable(problem),
        progress.values().stream()
            .map(StreamProgress::status)
            .sorted(Comparator.comparingInt(ReplicationStatus.Stream::id))
            .toList());
  }

  /** When the loop last turned: it takes a few seconds, longer while storage does not answer. */
  public Instant turnedAt() {
    return turned;
  }

  /** Stops jobs and cleanups and waits for them, each for 30 s at most. */
  @Override
  public void close() {
    stop.stop();
    wakeUp();
    join(thread);
    jobs.values().forEach(running -> running.job().stop());
    jobs.values().forEach(running -> join(running.thread()));
    try {
      cleanup.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    source.close();
  }

  private static void join(Thread thread) {
    if (thread == null) {
      return;
    }
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
