package org.powersync.jakarta.syncconfig.early;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RowScope;
import org.powersync.jakarta.syncconfig.query.Scope;
import org.powersync.jakarta.syncconfig.sql.Expression;

/** Names in a stream or its subquery: columns of the table, and the request's functions. */
record StreamScope(RowScope row, StreamFunctions functions) implements Scope {
  @Override
  public Clause column(Expression.ColumnReference reference, QueryReport report) {
    return row.column(reference, report);
  }

  @Override
  public Optional<Clause> qualifiedCall(Expression.Call call, QueryReport report) {
    return functions.compile(call, report);
  }
}
