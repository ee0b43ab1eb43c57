package org.powersync.jakarta.syncconfig;

import java.util.List;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * A query of a definition over the rows of one table. Safe for all threads.
 *
 * @param <T> what a row gives
 */
public interface RowQuery<T> {
  /** The definition it belongs to. */
  String definition();

  /** The query as written; of a compiled stream, which keeps no text, the table it reads. */
  String sql();

  /**
   * What this row gives, in order; duplicates are meaningful.
   *
   * @throws EvaluationException when the query has no result for this row
   */
  List<T> evaluate(SourceRow row);
}
