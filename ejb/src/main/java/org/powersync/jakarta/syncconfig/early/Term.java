package org.powersync.jakarta.syncconfig.early;

import org.powersync.jakarta.syncconfig.expression.Computation;

/** A factor of a variant (sync config section 8.2). Immutable. */
sealed interface Term {
  /** A condition that rows have to meet. */
  record RowFilter(Computation condition) implements Term {}

  /** A condition that requests have to meet. */
  record RequestFilter(Computation condition) implements Term {}

  /** A value that row and request have to share. */
  record Parameter(String text, Values row, Values request) implements Term {}

  /** A value of the row that has to be among the results of a subquery. */
  record RowInSubquery(String text, Values row, Subquery subquery) implements Term {}

  /** A subquery that has to find something; it compares with the request itself. */
  record RequestInSubquery(Subquery subquery) implements Term {}
}
