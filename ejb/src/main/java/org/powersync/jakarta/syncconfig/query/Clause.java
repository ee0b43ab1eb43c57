package org.powersync.jakarta.syncconfig.query;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What a sub-expression is (sync config section 7.1). */
public sealed interface Clause {

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
    public static Value constant(SqlValue value) {
      return new Value(
          new Computation.Constant(value),
          Origin.CONSTANT,
          value.getClass().getSimpleName() + value,
          RequestUse.NONE);
    }
  }

  /** {@code bucket.name} in a data query. */
  record BucketParameter(String name) implements Clause {}

  /**
   * A relation between rows and parameters.
   *
   * @param relation the two values, when a single comparison relates them
   */
  record Matching(Match match, Optional<Relation> relation) implements Clause {}

  /** A value of the row and one of the request, and how they are compared. */
  record Relation(Comparison comparison, Value row, Value request) {
    /** How row and request are compared. */
    public enum Comparison {
      /** {@code row = request}. */
      EQUAL,
      /** {@code row IN request}, an array of the request. */
      IN_REQUEST,
      /** {@code request IN row}, an array of the row. */
      IN_ROW
    }
  }

  /** Something that was reported; whatever it is part of says nothing more. */
  record Broken() implements Clause {}

  Clause BROKEN = new Broken();
}
