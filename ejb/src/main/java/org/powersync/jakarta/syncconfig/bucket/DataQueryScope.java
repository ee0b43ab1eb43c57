package org.powersync.jakarta.syncconfig.bucket;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RowScope;
import org.powersync.jakarta.syncconfig.query.Scope;
import org.powersync.jakarta.syncconfig.sql.Expression;

/** Names in a data query: columns of its table, and bucket parameters. */
record DataQueryScope(RowScope row) implements Scope {
  private static final String PARAMETERS = "bucket";

  @Override
  public Clause column(Expression.ColumnReference reference, QueryReport report) {
    if (reference.table().filter(table -> table.name().equals(PARAMETERS)).isPresent()) {
      report.checkCase(reference.column());
      return new Clause.BucketParameter(reference.column().name());
    }
    return row.column(reference, report);
  }

  @Override
  public Optional<Clause> qualifiedCall(Expression.Call call, QueryReport report) {
    if (!RequestFunctions.isRequest(call.function())) {
      return Optional.empty();
    }
    return Optional.of(
        report.broken(
            "request-function-in-data-query",
            "Select request values in a parameter query and compare with bucket parameters here",
            call.span()));
  }
}
