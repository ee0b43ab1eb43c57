package org.powersync.jakarta.syncconfig.bucket;

import java.util.List;
import org.powersync.jakarta.syncconfig.expression.Computation;

/** What gives a definition its buckets for a request (sync config section 7.2). Immutable. */
sealed interface ParameterQuery permits StaticQuery, ElementQuery, TableParameterQuery {
  /** The priority of the buckets. */
  int priority();

  /** The query as written. */
  String sql();

  /** An output column that the request gives. */
  record RequestColumn(String name, Computation computation) {}

  /** The names of output columns, in order. */
  List<String> parameters();
}
