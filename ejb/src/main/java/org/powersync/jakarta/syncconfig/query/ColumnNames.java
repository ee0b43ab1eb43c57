package org.powersync.jakarta.syncconfig.query;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;

/** Names of result columns. */
public final class ColumnNames {
  private ColumnNames() {}

  /** The alias, or the name of a plain column; empty after a fatal message. */
  public static Optional<String> of(SelectColumn column, QueryReport report) {
    if (column.alias().isPresent()) {
      return column.alias().map(Identifier::name);
    }
    if (column.expression() instanceof Expression.ColumnReference reference) {
      return Optional.of(reference.column().name());
    }
    report.fatal(
        "column-alias-required",
        "Give the expression a name, as in expression AS name",
        column.expression().span());
    return Optional.empty();
  }
}
