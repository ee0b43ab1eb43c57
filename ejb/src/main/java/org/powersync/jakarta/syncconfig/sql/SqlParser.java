package org.powersync.jakarta.syncconfig.sql;

import java.util.List;

/**
 * Reads SQL text into statements (sync config 4). Takes linear time; nesting is bounded, so that no
 * text can exhaust the stack of the parser or of those who walk its trees.
 */
public final class SqlParser {
  private SqlParser() {}

  /**
   * Reads all statements of a text.
   *
   * @return at least one statement; most queries allow only one ({@code multiple-statements})
   * @throws SqlSyntaxException when the text is no SQL of this dialect
   */
  public static List<Statement> parse(String sql) throws SqlSyntaxException {
    return new StatementParser(new TokenCursor(sql)).statements();
  }
}
