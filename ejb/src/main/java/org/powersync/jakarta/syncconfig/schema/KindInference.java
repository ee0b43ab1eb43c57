package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.UnaryOperator;

/**
 * Which kinds of values an expression may have (sync config section 15).
 *
 * @param columns the kinds of a column by its name
 */
record KindInference(Function<String, ValueKinds> columns) {
  private static final ValueKinds JSON_MEMBER = ValueKinds.ANY.without(ValueKinds.BLOB);

  ValueKinds of(Expression expression) {
    if (expression instanceof Expression.Literal literal) {
      return literal(literal);
    }
    if (expression instanceof Expression.ColumnReference reference) {
      return columns.apply(reference.column().name());
    }
    if (expression instanceof Expression.Binary binary) {
      return binary(binary);
    }
    if (expression instanceof Expression.Unary unary) {
      return unary.operator() == UnaryOperator.NOT ? ValueKinds.INTEGER : of(unary.operand());
    }
    if (expression instanceof Expression.Cast cast) {
      return cast(cast.type().name().toLowerCase(Locale.ROOT));
    }
    if (expression instanceof Expression.Member) {
      return JSON_MEMBER;
    }
    if (expression instanceof Expression.Call call) {
      return call(call);
    }
    boolean truth =
        expression instanceof Expression.Is
            || expression instanceof Expression.In
            || expression instanceof Expression.Between;
    return truth ? ValueKinds.INTEGER : ValueKinds.ANY;
  }

  private static ValueKinds literal(Expression.Literal literal) {
    if (literal instanceof Expression.NullLiteral) {
      return ValueKinds.NONE;
    }
    if (literal instanceof Expression.TextLiteral) {
      return ValueKinds.TEXT;
    }
    return literal instanceof Expression.RealLiteral ? ValueKinds.REAL : ValueKinds.INTEGER;
  }

  private ValueKinds binary(Expression.Binary binary) {
    return switch (binary.operator()) {
      case CONCATENATE -> ValueKinds.TEXT;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE -> arithmetic(of(binary.left()), of(binary.right()));
      default -> ValueKinds.INTEGER;
    };
  }

  private static ValueKinds arithmetic(ValueKinds left, ValueKinds right) {
    if (left.within(ValueKinds.INTEGER) && right.within(ValueKinds.INTEGER)) {
      return ValueKinds.INTEGER;
    }
    return left.within(ValueKinds.NUMBER) && right.within(ValueKinds.NUMBER)
        ? ValueKinds.REAL
        : ValueKinds.NUMBER;
  }

  private static ValueKinds cast(String type) {
    return switch (type) {
      case "text" -> ValueKinds.TEXT;
      case "integer" -> ValueKinds.INTEGER;
      case "real" -> ValueKinds.REAL;
      case "blob" -> ValueKinds.BLOB;
      default -> ValueKinds.NUMBER;
    };
  }

  private ValueKinds call(Expression.Call call) {
    return switch (call.function().name().name().toLowerCase(Locale.ROOT)) {
      case "length", "instr", "json_array_length", "json_valid" -> ValueKinds.INTEGER;
      case "unixepoch" -> ValueKinds.NUMBER;
      case "st_x", "st_y" -> ValueKinds.REAL;
      case "uuid_blob" -> ValueKinds.BLOB;
      case "json_extract" -> JSON_MEMBER;
      case "iif" -> ValueKinds.ANY;
      case "ifnull" -> either(call.arguments());
      default -> ValueKinds.TEXT;
    };
  }

  private ValueKinds either(List<Expression> expressions) {
    return expressions.stream().map(this::of).reduce(ValueKinds.NONE, ValueKinds::or);
  }
}
