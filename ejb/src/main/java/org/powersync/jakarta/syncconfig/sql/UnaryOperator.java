package org.powersync.jakarta.syncconfig.sql;

/** An operator before an expression. */
public enum UnaryOperator {
  NOT("NOT"),
  PLUS("+"),
  /** Only before something other than a number, whose minus belongs to it. */
  MINUS("-");

  private final String symbol;

  UnaryOperator(String symbol) {
    this.symbol = symbol;
  }

  /** As written in SQL. */
  public String symbol() {
    return symbol;
  }
}
