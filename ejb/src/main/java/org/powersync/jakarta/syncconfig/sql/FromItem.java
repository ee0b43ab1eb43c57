package org.powersync.jakarta.syncconfig.sql;

import java.util.List;
import java.util.Optional;

/** A source of rows in {@code FROM}. */
public sealed interface FromItem extends SqlNode {
  /** The name given, with or without {@code AS}. */
  Optional<Identifier> alias();

  /** How it is joined; empty for the first item and behind a comma. */
  Optional<Join> join();

  /**
   * A table, or a common table expression; the parser cannot tell.
   *
   * @param nameSpan of schema and name, without the alias
   * @param span with the alias, without the join
   */
  record Table(
      Optional<Identifier> schema,
      Identifier name,
      Optional<Identifier> alias,
      Optional<Join> join,
      Span nameSpan,
      Span span)
      implements FromItem {}

  /**
   * A function as table, {@code json_each(x)}.
   *
   * @param columnNames names for its columns, mostly empty
   * @param span with the alias
   */
  record Function(
      Expression.Call call,
      Optional<Identifier> alias,
      List<Identifier> columnNames,
      Optional<Join> join,
      Span span)
      implements FromItem {
    public Function {
      columnNames = List.copyOf(columnNames);
    }
  }

  /**
   * A query as table.
   *
   * @param columnNames names for its columns, empty when they keep theirs
   * @param querySpan of the query with its parentheses
   * @param span with the alias
   */
  record Subquery(
      Statement query,
      Optional<Identifier> alias,
      List<Identifier> columnNames,
      Optional<Join> join,
      Span querySpan,
      Span span)
      implements FromItem {
    public Subquery {
      columnNames = List.copyOf(columnNames);
    }
  }
}
