package org.powersync.jakarta.syncconfig;

import java.util.List;

/** Results of evaluating one row, and the queries that failed on it. Both may be non-empty. */
public record Evaluated<T>(List<T> results, List<EvaluationError> errors) {
  private static final Evaluated<?> NOTHING = new Evaluated<>(List.of(), List.of());

  @SuppressWarnings("unchecked")
  public static <T> Evaluated<T> nothing() {
    return (Evaluated<T>) NOTHING;
  }
}
