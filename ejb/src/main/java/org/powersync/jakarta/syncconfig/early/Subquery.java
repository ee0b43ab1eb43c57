package org.powersync.jakarta.syncconfig.early;

import java.util.List;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.Computation;

/**
 * A subquery: rows of its table are written as lookups, requests read them (sync config section
 * 8.3). Immutable.
 *
 * @param sql as written
 * @param columns the columns read, by slot
 * @param result what it selects
 * @param rowFilters conditions on its rows
 * @param requestFilters conditions on requests
 * @param keys what rows and requests have to share, in the order of lookup keys
 */
record Subquery(
    String sql,
    TablePattern table,
    List<String> columns,
    Computation result,
    List<Term.RowFilter> rowFilters,
    List<Term.RequestFilter> requestFilters,
    List<Term.Parameter> keys) {
  Subquery {
    columns = List.copyOf(columns);
    rowFilters = List.copyOf(rowFilters);
    requestFilters = List.copyOf(requestFilters);
    keys = List.copyOf(keys);
  }
}
