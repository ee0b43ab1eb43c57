package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.postgres.pgoutput.ReplicaIdentity;
import org.powersync.jakarta.replication.postgres.snapshot.CatalogueTable;
import org.powersync.jakarta.replication.postgres.snapshot.TableCatalogue;
import org.powersync.jakarta.syncconfig.TablePattern;

/** Judges the tables that a sync config reads (replication sections 2.1, 3.2, 3.10 and 6). */
final class TableFindings {
  private final ServerFacts facts;
  private final List<PreflightFinding> findings = new ArrayList<>();

  private TableFindings(ServerFacts facts) {
    this.facts = facts;
  }

  static List<PreflightFinding> of(
      Connection connection, String tag, List<TablePattern> patterns, ServerFacts facts)
      throws SQLException {
    TableFindings judge = new TableFindings(facts);
    if (patterns.isEmpty()) {
      return judge.findings;
    }
    List<CatalogueTable> tables = TableCatalogue.matching(connection, tag, patterns);
    Map<Long, TableFacts> details = TableFacts.of(connection, tables);
    List<TableFacts.OtherRelation> others = TableFacts.others(connection, tag, patterns);
    for (TablePattern pattern : patterns) {
      judge.pattern(pattern, tag, tables, others);
    }
    for (CatalogueTable table : tables) {
      judge.table(table, details.get(table.oid()));
    }
    return judge.findings;
  }

  private void add(Level level, String check, String subject, String message, String... fix) {
    findings.add(new PreflightFinding(level, check, subject, message, List.of(fix)));
  }

  private void pattern(
      TablePattern pattern,
      String tag,
      List<CatalogueTable> tables,
      List<TableFacts.OtherRelation> others) {
    String subject = pattern.schema() + "." + pattern.name();
    if (!pattern.connectionTag().equals(tag)) {
      add(
          Level.WARNING,
          "table",
          subject,
          "No source connection is called " + pattern.connectionTag());
      return;
    }
    if (tables.stream().anyMatch(table -> pattern.matches(table.name()))) {
      return;
    }
    String message =
        others.stream()
            .filter(other -> pattern.matches(other.name()))
            .findFirst()
            .map(other -> subject + " is " + other.kind() + "; " + other.advice())
            .orElse("No table is called " + subject);
    add(Level.WARNING, "table", subject, message);
  }

  private void table(CatalogueTable table, TableFacts details) {
    String name = table.quotedName();
    if (details == null) {
      return;
    }
    // First, because an unlogged table cannot be published.
    if (details.unlogged()) {
      add(
          Level.FATAL,
          "unlogged",
          name,
          "The table is unlogged: its changes are not streamed",
          "ALTER TABLE " + name + " SET LOGGED");
    }
    if (!table.published()) {
      boolean exists = facts.publication().isPresent();
      add(
          Level.FATAL,
          "publication",
          name,
          "The table is not in the publication",
          (exists
                  ? "ALTER PUBLICATION powersync ADD TABLE "
                  : "CREATE PUBLICATION powersync FOR TABLE ")
              + name);
    }
    rights(table, details);
    identity(table);
    table
        .filterMessage()
        .ifPresent(
            message ->
                add(
                    Level.WARNING,
                    "publication_filter",
                    name,
                    message,
                    "ALTER PUBLICATION powersync DROP TABLE " + name,
                    "ALTER PUBLICATION powersync ADD TABLE " + name));
    columns(table, details);
  }

  private void rights(CatalogueTable table, TableFacts details) {
    String name = table.quotedName();
    if (!details.schemaUsage()) {
      add(
          Level.FATAL,
          "rights",
          name,
          "Role " + facts.role() + " may not use the schema",
          "GRANT USAGE ON SCHEMA " + details.quotedSchema() + " TO " + facts.quotedRole());
    }
    if (!details.selectable()) {
      add(
          Level.FATAL,
          "rights",
          name,
          "Role " + facts.role() + " may not read the table",
          "GRANT SELECT ON " + name + " TO " + facts.quotedRole());
    }
    if (table.rowsHidden()) {
      add(
          Level.WARNING,
          "row_level_security",
          name,
          table.hiddenRowsMessage(),
          "ALTER ROLE " + facts.quotedRole() + " BYPASSRLS");
    }
  }

  private void identity(CatalogueTable table) {
    String name = table.quotedName();
    String full = "ALTER TABLE " + name + " REPLICA IDENTITY FULL";
    if (table.identity() == ReplicaIdentity.NOTHING) {
      add(
          Level.WARNING,
          "replica_identity",
          name,
          "REPLICA IDENTITY is NOTHING: the source refuses updates and deletes",
          "ALTER TABLE " + name + " REPLICA IDENTITY DEFAULT");
    } else if (table.identityColumns().isEmpty()) {
      add(
          Level.FATAL,
          "replica_identity",
          name,
          "No primary key or other replica identity: the source refuses updates and deletes; add a"
              + " primary key, or else identify rows by all their columns",
          full);
    } else if (table.identity() == ReplicaIdentity.FULL) {
      add(
          Level.INFO,
          "replica_identity",
          name,
          "REPLICA IDENTITY is FULL: each update is sent to clients as a removal and a new row");
    }
  }

  private void columns(CatalogueTable table, TableFacts details) {
    details
        .columnsOfType("bytea")
        .ifPresent(
            columns ->
                add(
                    Level.INFO,
                    "columns",
                    table.quotedName(),
                    "bytea columns are not sent to clients as they are, use base64 or hex: "
                        + columns));
    details
        .columnsOfType("money")
        .ifPresent(
            columns ->
                add(
                    Level.WARNING,
                    "columns",
                    table.quotedName(),
                    "money columns depend on lc_monetary of the session, numeric does not: "
                        + columns));
    details
        .generatedColumns()
        .filter(columns -> !table.columnNames().containsAll(List.of(columns.split(", "))))
        .ifPresent(
            columns ->
                add(
                    Level.WARNING,
                    "generated_columns",
                    table.quotedName(),
                    "Generated columns are not streamed and not synced: " + columns,
                    details.generatedFix(facts.server().version())));
  }
}
