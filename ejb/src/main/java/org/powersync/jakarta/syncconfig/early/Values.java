package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.value.EvaluationException;
import org.powersync.jakarta.syncconfig.value.JsonReader;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The values that one side has for a parameter (sync config section 8.2). Immutable; safe for all
 * threads.
 */
@FunctionalInterface
interface Values {
  /** More would fill memory rather than help anybody. */
  int MAX_COMBINATIONS = 100_000;

  /**
   * The values; none means that the row or request is in no bucket.
   *
   * @throws EvaluationException when there is no saying
   */
  List<SqlValue> of(Inputs inputs);

  /** The value of a row; NULL is nobody's. */
  static Values ofRow(Computation value) {
    return inputs -> single(value.compute(inputs), false);
  }

  /** The value of a row that is compared with lookup results, where NULL counts. */
  static Values ofRowOrNull(Computation value) {
    return inputs -> single(value.compute(inputs), true);
  }

  /** The value of a request; NULL counts, and finds no row. */
  static Values ofRequest(Computation value) {
    return ofRowOrNull(value);
  }

  /** The elements of a row's JSON array. */
  static Values elementsOfRow(Computation array) {
    return inputs -> {
      SqlValue value = array.compute(inputs);
      return value == SqlValue.NULL ? List.of() : withoutNulls(JsonValues.elements(value));
    };
  }

  /** The elements of a request's JSON array; none when it holds something else. */
  static Values elementsOfRequest(Computation array) {
    return inputs ->
        array.compute(inputs) instanceof SqlValue.Text text
                && JsonValues.parse(text.value(), JsonReader.Numbers.EXACT) instanceof List<?>
            ? Arrays.asList(JsonValues.elements(text))
            : List.of();
  }

  private static List<SqlValue> single(SqlValue value, boolean nullCounts) {
    return value instanceof SqlValue.Blob || value == SqlValue.NULL && !nullCounts
        ? List.of()
        : List.of(value);
  }

  private static List<SqlValue> withoutNulls(SqlValue[] elements) {
    return Arrays.stream(elements).filter(element -> element != SqlValue.NULL).toList();
  }

  /** One value of each list, in all combinations, the first list varying slowest. */
  static List<SqlValue[]> combinations(List<List<SqlValue>> lists) {
    long count = 1;
    for (List<SqlValue> list : lists) {
      count *= list.size();
      if (count > MAX_COMBINATIONS) {
        throw new EvaluationException(
            "too-many-combinations", "the arrays have more than 100000 combinations");
      }
    }
    if (count == 0) {
      return List.of();
    }
    List<SqlValue[]> combinations = new ArrayList<>((int) count);
    combinations.add(new SqlValue[lists.size()]);
    for (int i = 0; i < lists.size(); i++) {
      List<SqlValue[]> longer = new ArrayList<>(combinations.size() * lists.get(i).size());
      for (SqlValue[] combination : combinations) {
        for (SqlValue value : lists.get(i)) {
          SqlValue[] next = combination.clone();
          next[i] = Objects.requireNonNull(value);
          longer.add(next);
        }
      }
      combinations = longer;
    }
    return combinations;
  }
}
