package org.powersync.jakarta.syncconfig.query;

import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A parameter that rows are matched with.
 *
 * @param key its name, or its expression's key; equal parts are one
 * @param kind what the request side does with the value
 * @param value on the request side; NULL for bucket parameters, which have none
 */
public record MatchPart(String key, Kind kind, Computation value, RequestUse use) {
  /** What the request side does with the value. */
  public enum Kind {
    PLAIN,
    /** One lookup for each element of a JSON array. */
    EXPANDING,
    /** 1 or 0 by truth. */
    TRUTH
  }

  public static MatchPart bucketParameter(String name) {
    return new MatchPart(
        name, Kind.PLAIN, new Computation.Constant(SqlValue.NULL), RequestUse.NONE);
  }

  public static MatchPart of(Clause.Value value, Kind kind) {
    return new MatchPart(value.key(), kind, value.computation(), value.use());
  }

  public boolean sameAs(MatchPart other) {
    return kind == other.kind && key.equals(other.key);
  }
}
