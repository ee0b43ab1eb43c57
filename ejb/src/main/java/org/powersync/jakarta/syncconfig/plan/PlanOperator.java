package org.powersync.jakarta.syncconfig.plan;

import java.util.Optional;

/** An operator of plan expressions: its symbol, and how tightly it binds in canonical text. */
public enum PlanOperator {
  OR("or", 1),
  AND("and", 2),
  /** Before its operand. */
  NOT("not", 3),
  EQUAL("=", 4),
  IS("is", 4),
  LESS("<", 5),
  LESS_OR_EQUAL("<=", 5),
  GREATER(">", 5),
  GREATER_OR_EQUAL(">=", 5),
  SHIFT_LEFT("<<", 6),
  SHIFT_RIGHT(">>", 6),
  BIT_AND("&", 6),
  BIT_OR("|", 6),
  ADD("+", 7),
  SUBTRACT("-", 7),
  MULTIPLY("*", 8),
  DIVIDE("/", 8),
  REMAINDER("%", 8),
  CONCATENATE("||", 9),
  /** Before its operand. */
  PLUS("+", 11);

  /** The level of {@code BETWEEN} and {@code IN}. */
  static final int COMPARISON_LEVEL = 4;

  private final String symbol;
  private final int level;

  PlanOperator(String symbol, int level) {
    this.symbol = symbol;
    this.level = level;
  }

  /** As written in stored plans and in canonical text. */
  public String symbol() {
    return symbol;
  }

  int level() {
    return level;
  }

  boolean unary() {
    return this == NOT || this == PLUS;
  }

  static Optional<PlanOperator> find(String symbol, boolean unary) {
    for (PlanOperator operator : values()) {
      if (operator.unary() == unary && operator.symbol.equals(symbol)) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }
}
