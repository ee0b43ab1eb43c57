package org.powersync.jakarta.syncconfig.sql;

import java.util.List;
import java.util.Optional;

/**
 * How an item of {@code FROM} is tied to those before it; items behind a comma have none.
 *
 * @param type inner unless said otherwise
 * @param on the condition, when written
 * @param using the columns of {@code USING}, empty without it
 */
public record Join(Type type, Optional<Expression> on, List<Identifier> using, Span span)
    implements SqlNode {
  public Join {
    using = List.copyOf(using);
  }

  /** The kinds of joins. */
  public enum Type {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    CROSS
  }
}
