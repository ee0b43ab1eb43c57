package org.powersync.jakarta.syncconfig.sql;

/**
 * A part of an SQL text, in UTF-16 offsets.
 *
 * @param start the first unit
 * @param end behind the last one
 */
public record Span(int start, int end) {
  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("Not a span: " + start + " to " + end);
    }
  }

  /** From here to the end of a later part. */
  public Span to(Span last) {
    return new Span(start, Math.max(end, last.end));
  }

  /** The text this part has in {@code sql}. */
  public String in(String sql) {
    return sql.substring(start, end);
  }
}
