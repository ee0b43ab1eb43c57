package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.SourceInspection.PatternTables;
import org.powersync.jakarta.replication.SourceInspection.TableInfo;
import org.powersync.jakarta.replication.postgres.pgoutput.ReplicaIdentity;
import org.powersync.jakarta.replication.postgres.snapshot.CatalogueTable;
import org.powersync.jakarta.replication.postgres.snapshot.SourceColumn;
import org.powersync.jakarta.replication.postgres.snapshot.TableCatalogue;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;

/** What the patterns of a config find, and what is wrong with it (replication section 7.5). */
final class TableReport {
  /** The server looks into the tables of a publication, and waits for who has them locked. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '3s'";

  private final String tag;
  private final DeployedSyncConfig config;

  TableReport(String tag, DeployedSyncConfig config) {
    this.tag = tag;
    this.config = config;
  }

  /**
   * Four round trips, however many tables there are.
   *
   * @param connection in a transaction
   */
  List<PatternTables> run(Connection connection) throws SQLException {
    List<TablePattern> patterns = patterns();
    try (Statement statement = connection.createStatement()) {
      statement.execute(PATIENCE);
    }
    List<CatalogueTable> tables = TableCatalogue.matching(connection, tag, patterns);
    Map<Long, String> unreadable = ReadProbe.run(connection, tables);
    List<PatternTables> report = new ArrayList<>();
    for (TablePattern pattern : patterns) {
      report.add(describe(pattern, tables, unreadable));
    }
    return report;
  }

  /** What is known while somebody has a table locked. */
  List<PatternTables> locked() {
    Issue issue =
        new Issue(
            Level.FATAL,
            "Another session has a table locked, so that the tables of the source cannot be"
                + " listed; pg_locks on the source says which");
    List<PatternTables> report = new ArrayList<>();
    for (TablePattern pattern : patterns()) {
      boolean wildcard = pattern.wildcard() || pattern.schemaWildcard();
      Optional<String> through = wildcard ? Optional.of(pattern.name()) : Optional.empty();
      TableName name = new TableName(tag, pattern.schema(), pattern.name());
      report.add(
          new PatternTables(
              pattern.schema(),
              pattern.name(),
              wildcard,
              List.of(info(name, through, List.of(), List.of(issue)))));
    }
    return report;
  }

  private List<TablePattern> patterns() {
    return config.config().sourceTables().stream()
        .filter(pattern -> pattern.connectionTag().equals(tag))
        .toList();
  }

  private PatternTables describe(
      TablePattern pattern, List<CatalogueTable> tables, Map<Long, String> unreadable) {
    boolean wildcard = pattern.wildcard() || pattern.schemaWildcard();
    List<TableInfo> found = new ArrayList<>();
    for (CatalogueTable table : tables) {
      if (pattern.matches(table.name())) {
        Optional<String> through = wildcard ? Optional.of(pattern.name()) : Optional.empty();
        found.add(describe(table, through, Optional.ofNullable(unreadable.get(table.oid()))));
      }
    }
    if (found.isEmpty() && !wildcard) {
      found.add(missing(pattern));
    }
    return new PatternTables(pattern.schema(), pattern.name(), wildcard, found);
  }

  private TableInfo describe(
      CatalogueTable table, Optional<String> pattern, Optional<String> unreadable) {
    List<Issue> issues = new ArrayList<>();
    if (table.identity() != ReplicaIdentity.NOTHING && table.identityColumns().isEmpty()) {
      issues.add(new Issue(Level.FATAL, noIdentity(table)));
    }
    unreadable.ifPresent(message -> issues.add(new Issue(Level.FATAL, message)));
    if (!table.published()) {
      issues.add(
          new Issue(
              Level.FATAL,
              "Table "
                  + table.quotedName()
                  + " is not part of publication 'powersync'. Run: ALTER PUBLICATION powersync ADD"
                  + " TABLE "
                  + table.quotedName()));
    }
    if (table.rowsHidden()) {
      issues.add(new Issue(Level.WARNING, table.hiddenRowsMessage()));
    }
    table.filterMessage().ifPresent(message -> issues.add(new Issue(Level.WARNING, message)));
    return info(
        table.name(),
        pattern,
        table.identityColumns().stream().map(SourceColumn::name).toList(),
        issues);
  }

  private static String noIdentity(CatalogueTable table) {
    String advice =
        table.identity() == ReplicaIdentity.DEFAULT
            ? "Add a primary key, or set REPLICA IDENTITY FULL"
            : "Set another REPLICA IDENTITY";
    return "No replica identity columns for table "
        + table.quotedName()
        + ": updates and deletes fail on the source. "
        + advice;
  }

  private TableInfo missing(TablePattern pattern) {
    TableName name = new TableName(tag, pattern.schema(), pattern.name());
    Issue issue = new Issue(Level.WARNING, "Table " + name + " was not found on the source");
    return info(name, Optional.empty(), List.of(), List.of(issue));
  }

  private TableInfo info(
      TableName name, Optional<String> pattern, List<String> replicationId, List<Issue> issues) {
    TableEvaluator evaluator = config.evaluator(name);
    return new TableInfo(
        name.schema(),
        name.name(),
        pattern,
        replicationId,
        evaluator.syncsData(),
        evaluator.syncsParameters(),
        issues);
  }
}
