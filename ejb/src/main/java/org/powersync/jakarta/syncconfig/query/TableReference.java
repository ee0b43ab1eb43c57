package org.powersync.jakarta.syncconfig.query;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.sql.FromItem;

/** Table names in FROM (sync config section 4.4). */
public final class TableReference {
  private static final String DEFAULT_CONNECTION = "default";

  private TableReference() {}

  /** The pattern of a table; empty after a fatal message. */
  public static Optional<TablePattern> pattern(
      FromItem.Table table, CompilerSettings settings, QueryReport report) {
    Optional<TablePattern> pattern = pattern(table, settings.defaultSchema(), report);
    if (settings.schema().isPresent()
        && pattern.filter(p -> settings.tables(p).isEmpty()).isPresent()) {
      report.warning("table-not-found", "The source has no such table", table.nameSpan());
    }
    return pattern;
  }

  private static Optional<TablePattern> pattern(
      FromItem.Table table, String defaultSchema, QueryReport report) {
    if (table.schema().isEmpty()) {
      if (table.alias().isEmpty()) {
        report.checkCase(table.name());
      }
      return Optional.of(new TablePattern(DEFAULT_CONNECTION, defaultSchema, table.name().name()));
    }
    String[] parts = table.schema().get().name().split("\\.", -1);
    if (parts.length > 2) {
      report.fatal(
          "undefined-reference",
          "A schema is written as schema or \"connection.schema\"",
          table.nameSpan());
      return Optional.empty();
    }
    return Optional.of(
        parts.length == 1
            ? new TablePattern(DEFAULT_CONNECTION, parts[0], table.name().name())
            : new TablePattern(parts[0], parts[1], table.name().name()));
  }
}
