package org.powersync.jakarta.diagnostics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.diagnostics.ConfigStatus.Progress;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.PatternTables;
import org.powersync.jakarta.replication.SourceInspection.TableInfo;
import org.powersync.jakarta.replication.SourceInspection.WalBudgetReport;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowFailure;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.LoadResult;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;

/**
 * Looks at one sync config together with its source: the findings in their contractual order (sync
 * API section 2.5, replication section 7.6).
 */
final class ConfigInspection {
  private static final Logger LOG = Logger.getLogger(ConfigInspection.class.getName());
  private static final Optional<List<PatternTables>> NOT_ASKED = Optional.empty();
  private static final int LOW_BUDGET_PERCENT = 50;
  private static final Duration LATE = Duration.ofMinutes(5);
  private static final Duration TOO_LATE = Duration.ofMinutes(15);

  private final SourceInspection source;
  private final String text;
  private final LoadResult loaded;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param now time of the findings
   */
  ConfigInspection(SourceInspection source, String text, Instant now) {
    this.source = source;
    this.text = text;
    this.loaded = SyncConfig.load(text, source.defaultSchema());
    this.now = now;
  }

  /**
   * A config that is deployed.
   *
   * @param active whether it serves
   * @param connected whether the source answered just now; if not, it is not asked again
   * @param failures rows that this process could not sync fully
   */
  ConfigStatus deployed(
      ReplicationStream stream,
      StreamStatus status,
      boolean active,
      boolean connected,
      List<RowFailures.Count> failures) {
    if (loaded.config().isEmpty()) {
      return unusable();
    }
    List<TableInfo> tables = tables(loaded.config().get(), connected);
    status
        .lastFatalError()
        .map(error -> new Issue(SourceInspection.Level.FATAL, error))
        .map(Finding::of)
        .ifPresent(findings::add);
    addMessages();
    OptionalLong lag = OptionalLong.empty();
    Optional<WalBudgetReport> budget = Optional.empty();
    if (connected) {
      lag =
          tried("lag", () -> OptionalLong.of(source.lagBytes(stream.name())))
              .orElse(OptionalLong.empty());
      budget = tried("log budget", () -> source.walBudget(stream.name())).flatMap(b -> b);
    }
    budget.ifPresent(this::judgeBudget);
    if (active) {
      judgeProgress(status);
    }
    failures.stream().map(ConfigInspection::failure).forEach(findings::add);
    return status(stream.name(), progress(status), lag, budget, tables);
  }

  /**
   * A config that is not deployed, checked against the tables of the source.
   *
   * @param connected whether the source answered just now; if not, it is not asked again
   */
  ConfigStatus proposed(boolean connected) {
    if (loaded.config().isEmpty()) {
      return unusable();
    }
    List<TableInfo> tables = tables(loaded.config().get(), connected);
    Optional<SourceSchema> schema =
        connected ? tried("schema", () -> SourceTables.schema(source)) : Optional.empty();
    add(
        schema
            .map(known -> SyncConfig.load(text, source.defaultSchema(), known))
            .orElse(loaded)
            .messages());
    return status("", Progress.NONE, OptionalLong.empty(), Optional.empty(), tables);
  }

  /** Notes something about the source as a whole, before all else. */
  void note(Issue issue) {
    findings.add(Finding.of(issue));
  }

  private ConfigStatus unusable() {
    return new ConfigStatus(Optional.of(text), List.of(), List.of(fatal()));
  }

  /** All that makes a text unusable, as one finding; it has no place, in the reference as here. */
  private Finding fatal() {
    List<ConfigMessage> fatal = loaded.fatal();
    return Finding.of(
        SourceInspection.Level.FATAL,
        String.join("\n", fatal.stream().map(ConfigMessage::text).toList()),
        now);
  }

  private ConfigStatus status(
      String slot,
      Progress progress,
      OptionalLong lag,
      Optional<WalBudgetReport> budget,
      List<TableInfo> tables) {
    ConfigStatus.Connection connection =
        new ConfigStatus.Connection(source.id(), source.tag(), slot, progress, lag, budget, tables);
    return new ConfigStatus(Optional.of(text), List.of(connection), findings);
  }

  private List<TableInfo> tables(SyncConfig config, boolean connected) {
    DeployedSyncConfig evaluated = config.deployed(BucketNaming.UNVERSIONED);
    List<TableInfo> tables =
        (connected ? tried("tables", () -> source.tables(evaluated)) : NOT_ASKED)
            .map(found -> found.stream().flatMap(pattern -> pattern.tables().stream()).toList())
            .orElseGet(
                () ->
                    config.sourceTables().stream()
                        .filter(pattern -> pattern.connectionTag().equals(source.tag()))
                        .map(pattern -> unreachable(pattern, evaluated))
                        .toList());
    tables.forEach(table -> table.errors().stream().map(Finding::of).forEach(findings::add));
    return tables;
  }

  /** A wildcard is shown by its prefix, since its tables are not known. */
  private static TableInfo unreachable(TablePattern pattern, DeployedSyncConfig config) {
    boolean wildcard = pattern.wildcard();
    String name =
        wildcard ? pattern.name().substring(0, pattern.name().length() - 1) : pattern.name();
    TableEvaluator evaluator =
        config.evaluator(new TableName(pattern.connectionTag(), pattern.schema(), name));
    return new TableInfo(
        pattern.schema(),
        name,
        wildcard ? Optional.of(pattern.name()) : Optional.empty(),
        List.of(),
        !wildcard && evaluator.syncsData(),
        !wildcard && evaluator.syncsParameters(),
        List.of(new Issue(SourceInspection.Level.FATAL, "connection failed")));
  }

  private void addMessages() {
    add(loaded.messages());
  }

  private void add(List<ConfigMessage> messages) {
    messages.forEach(message -> findings.add(Finding.of(message, now)));
  }

  private static Finding failure(RowFailures.Count count) {
    RowFailure failure = count.failure();
    String what =
        failure.definition().isEmpty()
            ? "Rows of %s are left out".formatted(failure.table())
            : "Rows of %s are not fully synced: a query of %s fails"
                .formatted(failure.table(), failure.definition());
    return Finding.of(
        SourceInspection.Level.WARNING,
        "%s (%s: %s; %d times since this process started)"
            .formatted(what, failure.about(), failure.text(), count.count()),
        count.last());
  }

  private void judgeBudget(WalBudgetReport budget) {
    boolean known =
        budget.safeWalSize().isPresent()
            && budget.maxSlotWalKeepSize().isPresent()
            && budget.maxSlotWalKeepSize().getAsLong() > 0;
    if (!known || budget.walStatus().equals("lost")) {
      return;
    }
    double safe = budget.safeWalSize().getAsLong();
    long percent = Math.max(0, Math.round(100 * safe / budget.maxSlotWalKeepSize().getAsLong()));
    if (percent <= LOW_BUDGET_PERCENT) {
      findings.add(
          Finding.of(
              SourceInspection.Level.WARNING,
              "The replication slot has "
                  + percent
                  + "% of its WAL budget left; beyond it the slot is lost and everything is"
                  + " replicated anew. Raise max_slot_wal_keep_size on the source",
              now));
    }
  }

  private void judgeProgress(StreamStatus status) {
    Optional<Instant> last = lastProgress(status);
    if (last.isEmpty()) {
      findings.add(
          Finding.of(
              SourceInspection.Level.WARNING,
              "No checkpoint was made yet; replication has not caught up",
              now));
      return;
    }
    Duration lag = Duration.between(last.get(), now);
    if (lag.compareTo(LATE) > 0) {
      findings.add(
          Finding.of(
              lag.compareTo(TOO_LATE) > 0
                  ? SourceInspection.Level.FATAL
                  : SourceInspection.Level.WARNING,
              "Nothing was replicated for "
                  + lag.toSeconds()
                  + " s; look at the replicating process and at the source",
              now));
    }
  }

  private static Optional<Instant> lastProgress(StreamStatus status) {
    Optional<Instant> checkpoint = status.lastCheckpointTime();
    Optional<Instant> keepalive = status.lastKeepalive();
    return checkpoint.isPresent() && keepalive.filter(checkpoint.get()::isBefore).isEmpty()
        ? checkpoint
        : keepalive;
  }

  private static Progress progress(StreamStatus status) {
    return new Progress(
        status.snapshotDone(),
        status.resumeLsn(),
        status.lastCheckpointTime(),
        status.lastKeepalive());
  }

  /** A figure that cannot be read is left out. */
  private static <T> Optional<T> tried(String what, Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (PowerSyncException e) {
      LOG.log(Level.WARNING, "Cannot read the {0}: {1}", new Object[] {what, e.getMessage()});
      return Optional.empty();
    }
  }
}
