package org.powersync.jakarta.syncconfig.query;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.sql.Expression;

/** What names mean in one kind of query. */
public interface Scope {
  /** The meaning of a column reference without schema; reports names that have none. */
  Clause column(Expression.ColumnReference reference, QueryReport report);

  /** The meaning of a call with a qualifier, {@code request.user_id()}; empty when unknown. */
  Optional<Clause> qualifiedCall(Expression.Call call, QueryReport report);

  /** A reference that nothing answers to. */
  static Clause undefined(Expression.ColumnReference reference, QueryReport report) {
    return report.broken(
        "undefined-reference", "Nothing of that name can be used here", reference.span());
  }
}
