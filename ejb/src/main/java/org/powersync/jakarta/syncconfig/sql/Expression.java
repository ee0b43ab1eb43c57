package org.powersync.jakarta.syncconfig.sql;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** A value in SQL. Immutable. */
public sealed interface Expression extends SqlNode {

  /** A value written down. */
  sealed interface Literal extends Expression {}

  /** {@code NULL}. */
  record NullLiteral(Span span) implements Literal {}

  /** {@code TRUE} or {@code FALSE}. */
  record BooleanLiteral(boolean value, Span span) implements Literal {}

  /** A whole number of any size; a minus directly before the digits belongs to it. */
  record IntegerLiteral(BigInteger value, Span span) implements Literal {}

  /** A number written with a point. */
  record RealLiteral(double value, Span span) implements Literal {}

  /** A text, escapes resolved. */
  record TextLiteral(String value, Span span) implements Literal {}

  /** {@code name}, {@code table.name} or {@code schema.table.name}. */
  record ColumnReference(
      Optional<Identifier> schema, Optional<Identifier> table, Identifier column, Span span)
      implements Expression {}

  /** {@code *} or {@code table.*}, as a column or as in {@code count(*)}. */
  record Star(Optional<Identifier> table, Span span) implements Expression {}

  /** {@code current_date}, {@code user} and their kin, lower case; refused everywhere. */
  record ValueKeyword(String keyword, Span span) implements Expression {}

  /** A parameter marker {@code $1}; refused everywhere. */
  record Parameter(int number, Span span) implements Expression {}

  /**
   * A function call.
   *
   * @param arguments may hold a {@link Star} or a {@link Subquery}, as in {@code exists(SELECT 1)}
   * @param refused {@code DISTINCT}, {@code ORDER BY}, {@code FILTER}, {@code OVER}, {@code WITHIN
   *     GROUP}
   */
  record Call(
      FunctionName function, List<Expression> arguments, List<RefusedClause> refused, Span span)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
      refused = List.copyOf(refused);
    }
  }

  /**
   * A call whose arguments are separated by words, {@code substring(x FROM 2 FOR 3)}. Refused in
   * editions 1 and 2; edition 3 compiles it to a function that does not exist.
   */
  record KeywordCall(Identifier function, List<Expression> arguments, Span span)
      implements Expression {
    public KeywordCall {
      arguments = List.copyOf(arguments);
    }
  }

  /** Two operands; the operators of one level group from the left. */
  record Binary(BinaryOperator operator, Expression left, Expression right, Span span)
      implements Expression {}

  /** One operand behind its operator. */
  record Unary(UnaryOperator operator, Expression operand, Span span) implements Expression {}

  /** {@code IS [NOT] NULL|TRUE|FALSE}, also {@code ISNULL} and {@code NOTNULL}. */
  record Is(Expression operand, boolean negated, Tested tested, Span span) implements Expression {
    /** What is tested for. */
    public enum Tested {
      NULL,
      TRUE,
      FALSE
    }
  }

  /** {@code [NOT] BETWEEN low AND high}. */
  record Between(Expression operand, boolean negated, Expression low, Expression high, Span span)
      implements Expression {}

  /**
   * {@code [NOT] IN}.
   *
   * @param candidates a scalar (also for {@code IN ('a')}), a {@link ListOf} of two or more, a
   *     {@link Subquery}, an {@link ArrayOf} or a {@link RowOf}
   */
  record In(Expression operand, boolean negated, Expression candidates, Span span)
      implements Expression {}

  /** Two or more expressions in parentheses; the span is without these. */
  record ListOf(List<Expression> items, Span span) implements Expression {
    public ListOf {
      items = List.copyOf(items);
    }
  }

  /** {@code ARRAY[...]}. */
  record ArrayOf(List<Expression> items, Span span) implements Expression {
    public ArrayOf {
      items = List.copyOf(items);
    }
  }

  /** {@code ROW(...)}. */
  record RowOf(List<Expression> items, Span span) implements Expression {
    public RowOf {
      items = List.copyOf(items);
    }
  }

  /** A query in parentheses; the span is without these. */
  record Subquery(Statement query, Span span) implements Expression {}

  /**
   * {@code CASE}.
   *
   * @param subject what the simple form compares with
   * @param branches at least one
   */
  record Case(
      Optional<Expression> subject,
      List<Branch> branches,
      Optional<Expression> otherwise,
      Span span)
      implements Expression {
    public Case {
      branches = List.copyOf(branches);
    }

    /** {@code WHEN condition THEN result}. */
    public record Branch(Expression condition, Expression result) {}
  }

  /** {@code CAST(x AS t)}, {@code x::t} or {@code t 'literal'}. */
  record Cast(Expression operand, TypeName type, Span span) implements Expression {}

  /**
   * JSON access.
   *
   * @param key an {@link IntegerLiteral} or {@link TextLiteral}
   * @param asText {@code ->>} rather than {@code ->}
   */
  record Member(Expression operand, Literal key, boolean asText, Span span) implements Expression {}

  /** {@code x[1]}; refused everywhere. */
  record Element(Expression operand, Expression index, Span span) implements Expression {}
}
