package org.powersync.jakarta.syncconfig.sql;

/**
 * A clause that is grammatical but that no edition takes. Its content is read and dropped.
 *
 * @param kind which one
 * @param span of the clause, keyword included
 */
public record RefusedClause(Kind kind, Span span) implements SqlNode {
  /** The clauses concerned. */
  public enum Kind {
    /** Edition 3 ignores this one without a message. */
    DISTINCT,
    GROUP_BY,
    HAVING,
    ORDER_BY,
    LIMIT,
    OFFSET,
    /** {@code FOR UPDATE}, {@code FOR SHARE} and their kin. */
    FOR_UPDATE,
    /** {@code FILTER (...)} behind a function call. */
    FILTER,
    /** {@code OVER (...)} behind a function call. */
    OVER,
    /** {@code WITHIN GROUP (...)} behind a function call. */
    WITHIN_GROUP
  }

  /** As a person would write it, {@code GROUP BY}. */
  public String words() {
    return kind.name().replace('_', ' ');
  }
}
