package org.powersync.jakarta.syncconfig.expression;

import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.syncconfig.function.ScalarFunction;
import org.powersync.jakarta.syncconfig.value.Arithmetic;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.Comparison;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.JsonPath;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Computations made of computations (sync config sections 6.1 to 6.6). Both operands are always
 * computed, also where one decides: an error in either is an error of the whole.
 */
public final class Operators {
  private Operators() {}

  /** A comparison; the predicate gets the sign of the order. */
  public static Computation compare(Computation left, Computation right, IntPredicate holds) {
    return inputs -> {
      SqlValue a = left.compute(inputs);
      SqlValue b = right.compute(inputs);
      return a == SqlValue.NULL || b == SqlValue.NULL
          ? SqlValue.NULL
          : Casts.bool(holds.test(Comparison.compare(a, b)));
    };
  }

  public static Computation equal(Computation left, Computation right) {
    return inputs -> {
      SqlValue a = left.compute(inputs);
      SqlValue b = right.compute(inputs);
      return a == SqlValue.NULL || b == SqlValue.NULL
          ? SqlValue.NULL
          : Casts.bool(Comparison.equal(a, b));
    };
  }

  public static Computation and(Computation left, Computation right) {
    return inputs -> {
      boolean a = Casts.truth(left.compute(inputs));
      boolean b = Casts.truth(right.compute(inputs));
      return Casts.bool(a && b);
    };
  }

  public static Computation or(Computation left, Computation right) {
    return inputs -> {
      boolean a = Casts.truth(left.compute(inputs));
      boolean b = Casts.truth(right.compute(inputs));
      return Casts.bool(a || b);
    };
  }

  public static Computation not(Computation operand) {
    return inputs -> Casts.bool(!Casts.truth(operand.compute(inputs)));
  }

  public static Computation isNull(Computation operand, boolean negated) {
    return inputs -> Casts.bool(operand.compute(inputs) == SqlValue.NULL != negated);
  }

  public static Computation arithmetic(Arithmetic operator, Computation left, Computation right) {
    return inputs -> operator.apply(left.compute(inputs), right.compute(inputs));
  }

  public static Computation concatenate(Computation left, Computation right) {
    return inputs -> {
      String a = Casts.text(left.compute(inputs));
      String b = Casts.text(right.compute(inputs));
      return a == null || b == null ? SqlValue.NULL : SqlValue.of(a.concat(b));
    };
  }

  public static Computation convert(Computation operand, UnaryOperator<SqlValue> cast) {
    return inputs -> cast.apply(operand.compute(inputs));
  }

  /** {@code ->} and {@code ->>}. */
  public static Computation member(Computation operand, JsonPath path, boolean asText) {
    if (operand instanceof Computation.Column column) {
      return JsonAccess.member(column, path, asText);
    }
    if (!asText) {
      return inputs -> path.json(operand.compute(inputs));
    }
    if (operand instanceof RequestJson document) {
      return inputs -> path.valueIn(document.in(inputs));
    }
    return inputs -> path.value(operand.compute(inputs));
  }

  /** {@code x IN y} with a JSON array in y. */
  public static Computation in(Computation operand, Computation array) {
    if (array instanceof Computation.Constant constant) {
      return inConstant(operand, constant.value());
    }
    return inputs -> {
      SqlValue value = operand.compute(inputs);
      SqlValue candidates = array.compute(inputs);
      return value == SqlValue.NULL || candidates == SqlValue.NULL
          ? SqlValue.NULL
          : Casts.bool(contains(JsonValues.elements(candidates), value));
    };
  }

  /** A literal array is parsed once; a bad one still fails only where it is used. */
  private static Computation inConstant(Computation operand, SqlValue text) {
    SqlValue[] elements;
    try {
      elements = text == SqlValue.NULL ? null : JsonValues.elements(text);
    } catch (EvaluationException e) {
      return inputs -> {
        if (operand.compute(inputs) == SqlValue.NULL) {
          return SqlValue.NULL;
        }
        throw e;
      };
    }
    return inputs -> {
      SqlValue value = operand.compute(inputs);
      return value == SqlValue.NULL || elements == null
          ? SqlValue.NULL
          : Casts.bool(contains(elements, value));
    };
  }

  /** Whether two JSON arrays share an element. */
  public static Computation overlap(Computation left, Computation right) {
    return inputs -> {
      SqlValue a = left.compute(inputs);
      SqlValue b = right.compute(inputs);
      if (a == SqlValue.NULL || b == SqlValue.NULL) {
        return SqlValue.NULL;
      }
      SqlValue[] elements = JsonValues.elements(b);
      for (SqlValue element : JsonValues.elements(a)) {
        if (element != SqlValue.NULL && contains(elements, element)) {
          return Casts.bool(true);
        }
      }
      return Casts.bool(false);
    };
  }

  private static boolean contains(SqlValue[] elements, SqlValue value) {
    for (SqlValue element : elements) {
      if (element != SqlValue.NULL && Comparison.equal(value, element)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A function.
   *
   * @param fixedJson the option {@code fixed_json_extract}
   */
  public static Computation call(
      String name, ScalarFunction function, Computation[] operands, boolean fixedJson) {
    return JsonAccess.call(name, operands, fixedJson).orElseGet(() -> call(function, operands));
  }

  /** A function of values. */
  public static Computation call(ScalarFunction function, Computation[] operands) {
    return inputs -> {
      SqlValue[] arguments = new SqlValue[operands.length];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = operands[i].compute(inputs);
      }
      return function.apply(arguments);
    };
  }
}
