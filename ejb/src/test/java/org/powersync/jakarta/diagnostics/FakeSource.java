package org.powersync.jakarta.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;

/** A source whose answers a test chooses; every table of a config is there and fine. */
final class FakeSource implements SourceInspection {
  boolean connected = true;
  boolean answers = true;
  OptionalLong lag = OptionalLong.of(7);
  Optional<WalBudgetReport> budget = Optional.empty();
  List<Issue> tableErrors = List.of();

  @Override
  public String id() {
    return "orders";
  }

  @Override
  public String tag() {
    return "default";
  }

  @Override
  public String uri() {
    return "postgresql://source.example:5432/orders";
  }

  @Override
  public String defaultSchema() {
    return "public";
  }

  @Override
  public ConnectionStatus status() {
    return connected
        ? new ConnectionStatus(true, List.of())
        : new ConnectionStatus(false, List.of(new Issue(Level.FATAL, "no route to host")));
  }

  @Override
  public List<Schema> schemas() {
    requireAnswers();
    Column id = new Column("id", 2, "text", "text");
    return List.of(new Schema("public", List.of(new Table("lists", List.of(id)))));
  }

  @Override
  public QueryResult execute(String sql, List<?> arguments) {
    return QueryResult.failed("off");
  }

  @Override
  public List<PatternTables> tables(DeployedSyncConfig config) {
    requireAnswers();
    List<PatternTables> found = new ArrayList<>();
    for (TablePattern pattern : config.config().sourceTables()) {
      TableInfo table =
          new TableInfo(
              pattern.schema(),
              pattern.name(),
              Optional.empty(),
              List.of("id"),
              true,
              false,
              tableErrors);
      found.add(
          new PatternTables(pattern.schema(), pattern.name(), pattern.wildcard(), List.of(table)));
    }
    return found;
  }

  @Override
  public long lagBytes(String slot) {
    requireAnswers();
    return lag.orElseThrow(() -> new PowerSyncException(ErrorCode.PSYNC_S4001, "no slot"));
  }

  @Override
  public Optional<WalBudgetReport> walBudget(String slot) {
    requireAnswers();
    return budget;
  }

  private void requireAnswers() {
    if (!answers) {
      throw new PowerSyncException(ErrorCode.PSYNC_S1120, "connection lost");
    }
  }

  @Override
  public List<PreflightFinding> preflight(List<TablePattern> patterns) {
    return patterns.stream()
        .map(pattern -> PreflightFinding.fine("table", pattern.name()))
        .toList();
  }

  @Override
  public void close() {}
}
