package org.powersync.jakarta.command;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.PowerSyncConfiguration;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.ReplicationSource;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.Compaction;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.StorageReady;
import org.powersync.jakarta.storage.StreamLock;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * Runs the command that the process was started for, if any, and ends the process. What it has to
 * say goes to standard output, a line each; why it failed goes to the log.
 */
@ApplicationScoped
public class CommandRun {
  private static final Logger LOG = Logger.getLogger(CommandRun.class.getName());

  /** Another process may be migrating. */
  private static final Duration STORAGE_PATIENCE = Duration.ofMinutes(3);

  @Inject private ServiceConfiguration configuration;
  @Inject private BucketStorageProvider storage;
  @Inject private Compaction compaction;
  @Inject private Instance<ReplicationSource> sources;
  @Inject private Instance<SourceInspection> inspections;
  @Resource private ManagedThreadFactory threads;

  private final CountDownLatch storageReady = new CountDownLatch(1);

  void ready(@Observes StorageReady ready) {
    storageReady.countDown();
  }

  /** Begins in the background, so that the container can finish starting. */
  void start(@Observes Startup event) {
    configuration
        .command()
        .ifPresent(
            text ->
                threads
                    .newThread(
                        () -> {
                          int code = run(text);
                          out(code == ExitCode.DONE ? "Done" : "Failed, exit code " + code);
                          System.exit(code);
                        })
                    .start());
  }

  private int run(String text) {
    OperatorCommand command;
    try {
      command = OperatorCommand.parse(text);
    } catch (IllegalArgumentException e) {
      out(e.getMessage());
      return ExitCode.FAILED;
    } catch (PowerSyncException e) {
      out(e.getMessage());
      return ExitCode.START_UP;
    }
    if (!configuration.problems().isEmpty()) {
      configuration.problems().forEach(problem -> out(problem.toString()));
      return command.codeWithoutConfiguration();
    }
    try {
      if (command.needsStorage()
          && !storageReady.await(STORAGE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        out("Storage is not ready; the log says why");
        return ExitCode.FAILED;
      }
      return run(command, configuration.require());
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, e, () -> "The command failed: " + e.getMessage());
      return ExitCode.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private int run(OperatorCommand command, PowerSyncConfiguration settings)
      throws InterruptedException {
    if (command instanceof OperatorCommand.Compact compact) {
      return compact(compact, settings);
    } else if (command instanceof OperatorCommand.TearDown) {
      new TearDownRun(storage, source(settings), Clock.systemUTC(), CommandRun::out).run();
    } else if (command instanceof OperatorCommand.MigrateDown) {
      migrateDown();
    } else if (command instanceof OperatorCommand.TestConnection) {
      return testConnection(settings);
    } else if (command instanceof OperatorCommand.Preflight) {
      return preflight(settings);
    } else {
      out("The storage schema is up to date");
    }
    return ExitCode.DONE;
  }

  private int compact(OperatorCommand.Compact command, PowerSyncConfiguration settings) {
    Thread self = Thread.currentThread();
    Map<GroupId, CompactionReport> reports =
        command
            .options()
            .run(
                storage,
                compaction,
                settings.api().checkpointRequestRetention(),
                self::isInterrupted);
    reports.forEach((stream, report) -> out("Stream " + stream.value() + ": " + report));
    boolean left =
        reports.values().stream()
            .map(CompactionReport::outcome)
            .anyMatch(
                outcome ->
                    outcome == CompactionReport.Outcome.BUSY
                        || outcome == CompactionReport.Outcome.INTERRUPTED);
    return left ? ExitCode.FAILED : ExitCode.DONE;
  }

  private void migrateDown() {
    List<StreamLock> locks = new ArrayList<>();
    try {
      storage.replicating().forEach(stream -> locks.add(storage.lock(stream)));
      storage.tearDown();
    } finally {
      locks.forEach(StreamLock::close);
    }
    out("The storage schema is removed; replication slots of the source stay");
  }

  private int testConnection(PowerSyncConfiguration settings) {
    if (settings.source().isEmpty()) {
      return noSource();
    }
    SourceInspection source = inspections.get();
    SourceInspection.ConnectionStatus status = source.status();
    status.errors().forEach(issue -> out(issue.level() + " " + issue.message()));
    if (!status.connected() || fatal(status.errors())) {
      return ExitCode.FAILED;
    }
    out("Connected to " + source.uri());
    return ExitCode.DONE;
  }

  private int preflight(PowerSyncConfiguration settings) {
    if (settings.source().isEmpty()) {
      return noSource();
    }
    SourceInspection source = inspections.get();
    List<PreflightFinding> findings = source.preflight(patterns(settings, source.defaultSchema()));
    findings.forEach(finding -> out(finding.toString()));
    return findings.stream().anyMatch(found -> found.level() == SourceInspection.Level.FATAL)
        ? ExitCode.FAILED
        : ExitCode.DONE;
  }

  /** The tables of the sync config, as far as it can be read here. */
  private static List<TablePattern> patterns(PowerSyncConfiguration settings, String schema) {
    Optional<SyncConfig> config =
        settings.syncConfig().read().flatMap(text -> SyncConfig.load(text, schema).config());
    if (config.isEmpty()) {
      out("No sync config is given, or it has errors: tables are not looked at");
    }
    return config.map(SyncConfig::sourceTables).orElse(List.of());
  }

  private Optional<ReplicationSource> source(PowerSyncConfiguration settings) {
    return settings.source().map(configured -> sources.get());
  }

  private static boolean fatal(List<SourceInspection.Issue> issues) {
    return issues.stream().anyMatch(issue -> issue.level() == SourceInspection.Level.FATAL);
  }

  private static int noSource() {
    out("No source is configured below replication.connections");
    return ExitCode.FAILED;
  }

  private static void out(String line) {
    System.out.println(line);
  }
}
