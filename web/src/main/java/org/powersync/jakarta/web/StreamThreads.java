package org.powersync.jakarta.web;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * The threads of sync streams: one per stream, virtual where the JDK has them, since a stream waits
 * most of its life; and few platform threads for what reads storage on behalf of all. Safe for all
 * threads.
 */
@ApplicationScoped
public class StreamThreads {
  private static final Logger LOG = Logger.getLogger(StreamThreads.class.getName());
  private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;
  private static final String VIRTUAL = "concurrent/powersyncStreams";
  private static final String PLATFORM = "concurrent/powersyncThreads";
  private static final int BACKGROUND_THREADS = 16;

  private ThreadFactory streams;
  private ThreadFactory platform;
  private ThreadPoolExecutor background;
  private ScheduledExecutorService clock;
  private final Queue<ThreadPoolExecutor> pools = new ConcurrentLinkedQueue<>();

  @PostConstruct
  void start() {
    platform = factory(PLATFORM);
    streams =
        Runtime.version().feature() >= FIRST_JDK_WITH_VIRTUAL_THREADS ? factory(VIRTUAL) : platform;
    background = pool(BACKGROUND_THREADS);
    clock = Executors.newSingleThreadScheduledExecutor(platform);
  }

  private static ThreadFactory factory(String name) {
    try {
      return InitialContext.doLookup(name);
    } catch (NamingException e) {
      LOG.log(Level.WARNING, "The server has no {0}; using plain threads", name);
      return Executors.defaultThreadFactory();
    }
  }

  /** Runs the life of a stream on a thread of its own. */
  public void startStream(Runnable stream) {
    Thread thread = streams.newThread(stream);
    thread.setName("sync-stream-" + thread.getId());
    thread.start();
  }

  /** For short work that reads storage, in order of arrival. */
  public Executor background() {
    return background;
  }

  /** Further threads for at most so many tasks at once; they end with this bean. */
  public ExecutorService pooled(int threads) {
    return pool(threads);
  }

  /** Does something short again and again, with pauses of this length, until it is cancelled. */
  public ScheduledFuture<?> every(long pause, TimeUnit unit, Runnable action) {
    return clock.scheduleWithFixedDelay(action, pause, pause, unit);
  }

  private ThreadPoolExecutor pool(int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), platform);
    pool.allowCoreThreadTimeOut(true);
    pools.add(pool);
    return pool;
  }

  @PreDestroy
  void stop() {
    clock.shutdownNow();
    pools.forEach(ThreadPoolExecutor::shutdownNow);
  }
}
