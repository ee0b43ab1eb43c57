package org.powersync.jakarta.syncconfig.plan;

import java.util.List;
import org.powersync.jakarta.syncconfig.value.JsonBuffer;

/**
 * Expressions as text without their inputs, {@code "lower"(?) || '-'} (sync config section 9.7):
 * equal texts with equal inputs are equal expressions, and {@link StableHash} depends on it.
 */
final class CanonicalText {
  private static final int NO_LEVEL = 0;

  private final StringBuilder out = new StringBuilder();

  private CanonicalText() {}

  static String of(PlanExpression<?> expression) {
    CanonicalText text = new CanonicalText();
    text.write(expression, NO_LEVEL);
    return text.out.toString();
  }

  private void write(PlanExpression<?> expression, int parent) {
    if (expression instanceof PlanExpression.Input<?>) {
      out.append('?');
    } else if (expression instanceof PlanExpression.Binary<?> binary) {
      int level = binary.operator().level();
      boolean closed = open(level, parent);
      write(binary.left(), level);
      out.append(' ').append(binary.operator().symbol()).append(' ');
      write(binary.right(), level);
      close(closed);
    } else if (expression instanceof PlanExpression.Unary<?> unary) {
      int level = unary.operator().level();
      boolean closed = open(level, parent);
      out.append(unary.operator().symbol()).append(' ');
      write(unary.operand(), level);
      close(closed);
    } else if (expression instanceof PlanExpression.Call<?> call) {
      out.append('"').append(call.function().replace("\"", "\"\"")).append("\"(");
      writeAll(call.parameters());
      out.append(')');
    } else if (expression instanceof PlanExpression.Cast<?> cast) {
      out.append("CAST(");
      write(cast.operand(), NO_LEVEL);
      out.append(" AS ").append(cast.type()).append(')');
    } else if (expression instanceof PlanExpression.Between<?> between) {
      boolean closed = open(PlanOperator.COMPARISON_LEVEL, parent);
      write(between.value(), PlanOperator.COMPARISON_LEVEL);
      out.append(" BETWEEN ");
      write(between.low(), PlanOperator.COMPARISON_LEVEL);
      out.append(" AND ");
      write(between.high(), PlanOperator.COMPARISON_LEVEL);
      close(closed);
    } else if (expression instanceof PlanExpression.InList<?> in) {
      writeInList(in, parent);
    } else if (expression instanceof PlanExpression.CaseWhen<?> cases) {
      writeCase(cases);
    } else {
      writeLiteral(expression);
    }
  }

  private void writeInList(PlanExpression.InList<?> in, int parent) {
    if (in.items().isEmpty()) {
      out.append("FALSE");
      return;
    }
    boolean closed = open(PlanOperator.COMPARISON_LEVEL, parent);
    write(in.target(), PlanOperator.COMPARISON_LEVEL);
    out.append(" IN (");
    writeAll(in.items());
    out.append(')');
    close(closed);
  }

  private void writeCase(PlanExpression.CaseWhen<?> cases) {
    out.append("CASE ");
    if (cases.operand().isPresent()) {
      write(cases.operand().get(), NO_LEVEL);
      out.append(' ');
    }
    for (PlanExpression.When<?> when : cases.whens()) {
      out.append("WHEN ");
      write(when.condition(), NO_LEVEL);
      out.append(" THEN ");
      write(when.result(), NO_LEVEL);
      out.append(' ');
    }
    if (cases.otherwise().isPresent()) {
      out.append("ELSE ");
      write(cases.otherwise().get(), NO_LEVEL);
      out.append(' ');
    }
    out.append("END");
  }

  private void writeLiteral(PlanExpression<?> expression) {
    if (expression instanceof PlanExpression.IntegerLiteral<?> integer) {
      out.append(integer.value());
    } else if (expression instanceof PlanExpression.RealLiteral<?> real) {
      out.append(new JsonBuffer(JsonBuffer.MAX_NUMBER_LENGTH).real(real.value()).toText());
    } else if (expression instanceof PlanExpression.TextLiteral<?> text) {
      out.append('\'').append(text.value().replace("'", "''")).append('\'');
    } else {
      out.append("NULL");
    }
  }

  private void writeAll(List<? extends PlanExpression<?>> expressions) {
    for (int i = 0; i < expressions.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      write(expressions.get(i), NO_LEVEL);
    }
  }

  /** Parentheses wherever the operand does not bind tighter, also on the left. */
  private boolean open(int level, int parent) {
    boolean needed = parent >= level;
    if (needed) {
      out.append('(');
    }
    return needed;
  }

  private void close(boolean opened) {
    if (opened) {
      out.append(')');
    }
  }
}
