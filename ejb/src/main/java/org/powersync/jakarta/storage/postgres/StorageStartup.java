package org.powersync.jakarta.storage.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.inject.Inject;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.StorageReady;
import org.powersync.jakarta.storage.postgres.migration.SchemaMigration;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;
import org.powersync.jakarta.telemetry.HealthContributor;
import org.powersync.jakarta.telemetry.HealthReport;

/**
 * Brings the schema up to date when the application starts, announces storage with {@link
 * StorageReady}, and from then on looks every few seconds whether the database answers.
 *
 * <p>Starting never fails: what is in the way is the health report, and is tried again with growing
 * pauses, because an administrator or a failover may mend it meanwhile. Only a schema of a newer
 * version stays refused until the next start. Its work runs on the scheduler's threads.
 */
@ApplicationScoped
public class StorageStartup implements HealthContributor {
  private static final Logger LOG = Logger.getLogger(StorageStartup.class.getName());
  private static final int QUERY_SECONDS = 5;

  /**
   * Pauses between attempts and looks.
   *
   * @param firstRetry doubles with every failure
   */
  record Pauses(Duration firstRetry, Duration longestRetry, Duration look) {
    static final Pauses USUAL =
        new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(5));
  }

  private final SchemaMigration migration;
  private final SqlTransactions sql;
  private final boolean autoMigration;
  private final ScheduledExecutorService scheduler;
  private final Runnable announce;
  private final Pauses pauses;
  private volatile HealthReport health =
      HealthReport.down("The storage schema is being checked; this takes a moment after a start");
  private volatile boolean stopped;

  /** For the container's proxy only. */
  protected StorageStartup() {
    migration = null;
    sql = null;
    autoMigration = false;
    scheduler = null;
    announce = null;
    pauses = null;
  }

  @Inject
  StorageStartup(StorageResources resources, ProviderSettings settings, Event<StorageReady> ready) {
    this(resources, settings, () -> ready.fire(new StorageReady()), Pauses.USUAL);
  }

  StorageStartup(
      StorageResources resources, ProviderSettings settings, Runnable announce, Pauses pauses) {
    this.migration = new SchemaMigration(resources.direct());
    this.sql = resources.sql();
    this.autoMigration = settings.autoMigration();
    this.scheduler = resources.scheduler();
    this.announce = announce;
    this.pauses = pauses;
  }

  void stop(@Observes Shutdown event) {
    stopped = true;
  }

  /** Starts the work in the background. */
  void begin() {
    later(() -> prepare(pauses.firstRetry()), Duration.ZERO);
  }

  @Override
  public String name() {
    return "storage";
  }

  @Override
  public HealthReport health() {
    return health;
  }

  private void prepare(Duration retry) {
    try {
      if (autoMigration) {
        migration.migrate();
      } else {
        migration.verify();
      }
    } catch (RuntimeException e) {
      boolean refused =
          e instanceof PowerSyncException known && known.code() == ErrorCode.PSYNC_S1005;
      report(e, refused ? "Storage is refused" : "Storage is not ready, trying again");
      if (!refused) {
        Duration next = retry.multipliedBy(2);
        Duration longest = pauses.longestRetry();
        later(() -> prepare(next.compareTo(longest) < 0 ? next : longest), retry);
      }
      return;
    }
    LOG.info("Storage is ready");
    try {
      // Before health turns: whoever is sent here then is served.
      announce.run();
    } finally {
      health = HealthReport.up(Map.of());
      later(this::look, pauses.look());
    }
  }

  private void look() {
    try {
      sql.autocommit(
          "see whether the database answers",
          connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.setQueryTimeout(QUERY_SECONDS);
              return statement.execute("SELECT 1");
            }
          });
      health = HealthReport.up(Map.of());
    } catch (RuntimeException e) {
      report(e, "Storage does not answer");
    }
    later(this::look, pauses.look());
  }

  /** Logs a problem once, not at every look. */
  private void report(RuntimeException problem, String what) {
    String reason =
        problem instanceof PowerSyncException
            ? problem.getMessage()
            : "An unexpected error, see the log: " + problem.getClass().getSimpleName();
    if (!reason.equals(health.reason())) {
      LOG.log(Level.WARNING, problem, () -> what);
    }
    health = HealthReport.down(reason);
  }

  private void later(Runnable task, Duration pause) {
    if (stopped) {
      return;
    }
    try {
      scheduler.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.FINE, "The application stops, storage is no longer watched", e);
    }
  }
}
