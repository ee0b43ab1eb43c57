package org.powersync.jakarta.syncconfig.sql;

/** A text is not SQL of the dialect: message {@code sql-syntax}. */
public final class SqlSyntaxException extends Exception {
  private final transient Span span;

  SqlSyntaxException(String message, Span span) {
    super(message, null, false, false);
    this.span = span;
  }

  /** The token that does not fit; the whole text when it ends too early. */
  public Span span() {
    return span;
  }
}
