package org.powersync.jakarta.syncconfig.sql;

import java.util.List;
import java.util.Optional;

/** An SQL statement, at the top or in parentheses. */
public sealed interface Statement extends SqlNode {

  /**
   * A plain {@code SELECT}.
   *
   * @param columns may be empty
   * @param from may be empty; joined items are items of their own
   * @param refused clauses no edition takes, in the order written
   */
  record Select(
      List<SelectColumn> columns,
      List<FromItem> from,
      Optional<Expression> where,
      List<RefusedClause> refused,
      Span span)
      implements Statement {
    public Select {
      columns = List.copyOf(columns);
      from = List.copyOf(from);
      refused = List.copyOf(refused);
    }
  }

  /**
   * Anything else; refused everywhere as {@code not-a-select}.
   *
   * @param keyword what makes it one, in capitals: {@code UNION}, {@code WITH}, {@code DELETE}
   */
  record Other(String keyword, Span span) implements Statement {}
}
