package org.powersync.jakarta.syncconfig.sql;

/** An operator between two expressions. */
public enum BinaryOperator {
  OR("OR"),
  AND("AND"),
  EQUAL("="),
  /** Written {@code !=} or {@code <>}. */
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">="),
  SHIFT_LEFT("<<"),
  SHIFT_RIGHT(">>"),
  BIT_OR("|"),
  BIT_AND("&"),
  LIKE("LIKE"),
  NOT_LIKE("NOT LIKE"),
  ILIKE("ILIKE"),
  NOT_ILIKE("NOT ILIKE"),
  ADD("+"),
  SUBTRACT("-"),
  CONCATENATE("||"),
  /** Two sets share an element. */
  OVERLAPS("&&"),
  MULTIPLY("*"),
  DIVIDE("/"),
  REMAINDER("%"),
  POWER("^");

  private final String symbol;

  BinaryOperator(String symbol) {
    this.symbol = symbol;
  }

  /** As written in SQL. */
  public String symbol() {
    return symbol;
  }
}
