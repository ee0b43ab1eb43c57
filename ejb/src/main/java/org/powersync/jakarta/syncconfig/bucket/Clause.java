package org.powersync.jakarta.syncconfig.bucket;

import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What a sub-expression of a bucket definition is (sync config section 7.1). */
sealed interface Clause {

  /** Where a value comes from. */
  enum Origin {
    CONSTANT,
    ROW,
    REQUEST
  }

  /**
   * A value.
   *
   * @param key the same for expressions of the same text
   * @param use what it takes from the request
   */
  record Value(Computation computation, Origin origin, String key, RequestUse use)
      implements Clause {
    static Value constant(SqlValue value) {
      return new Value(
          new Computation.Constant(value),
          Origin.CONSTANT,
          value.getClass().getSimpleName() + value,
          RequestUse.NONE);
    }
  }

  /** {@code bucket.name} in a data query. */
  record BucketParameter(String name) implements Clause {}

  /** A relation between rows and parameters. */
  record Matching(Match match) implements Clause {}

  /** Something that was reported; whatever it is part of says nothing more. */
  record Broken() implements Clause {}

  Clause BROKEN = new Broken();
}
