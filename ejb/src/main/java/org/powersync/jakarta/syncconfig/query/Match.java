package org.powersync.jakarta.syncconfig.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.Comparison;
import org.powersync.jakarta.syncconfig.value.JsonReader;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Which parameter values a row belongs to (sync config section 7.1). Immutable.
 *
 * @param parts the parameters, distinct, in order of first appearance
 * @param unnests whether an array of the row is taken apart, which an AND allows once
 * @param combinations for a row: one value per part in each combination
 */
public record Match(
    List<MatchPart> parts, boolean unnests, RequestUse use, Combinations combinations) {
  private static final SqlValue ONE = Casts.bool(true);
  private static final List<SqlValue[]> NONE = List.of();
  private static final List<SqlValue[]> ALWAYS = List.<SqlValue[]>of(new SqlValue[0]);

  /** Computes the combinations of a row. */
  @FunctionalInterface
  public interface Combinations {
    List<SqlValue[]> of(Inputs row);
  }

  public Match {
    parts = List.copyOf(parts);
  }

  /** A condition on the row alone. */
  public static Match filter(Computation condition) {
    return new Match(
        List.of(),
        false,
        RequestUse.NONE,
        row -> Casts.truth(condition.compute(row)) ? ALWAYS : NONE);
  }

  /** {@code row = parameter}. */
  public static Match equal(Computation column, MatchPart part) {
    return single(part, false, row -> plain(column.compute(row), false));
  }

  /** {@code row IN parameter}; the request takes its array apart. */
  public static Match expanded(Computation column, MatchPart part) {
    return single(part, false, row -> plain(column.compute(row), true));
  }

  /** A condition on the parameter alone. */
  public static Match truth(MatchPart part) {
    return single(part, false, row -> List.<SqlValue[]>of(new SqlValue[] {ONE}));
  }

  /** {@code parameter IN row}. */
  public static Match unnested(Computation array, MatchPart part) {
    return single(part, true, row -> elements(array.compute(row)));
  }

  private static Match single(MatchPart part, boolean unnests, Combinations combinations) {
    return new Match(List.of(part), unnests, part.use(), combinations);
  }

  private static List<SqlValue[]> plain(SqlValue value, boolean nullMatches) {
    return value instanceof SqlValue.Blob || value == SqlValue.NULL && !nullMatches
        ? NONE
        : List.<SqlValue[]>of(new SqlValue[] {value});
  }

  private static List<SqlValue[]> elements(SqlValue array) {
    if (array == SqlValue.NULL) {
      return NONE;
    }
    List<SqlValue[]> combinations = new ArrayList<>();
    for (Object element : JsonValues.array(array, JsonReader.Numbers.DOUBLES)) {
      combinations.add(new SqlValue[] {JsonValues.unconverted(element)});
    }
    return combinations;
  }

  /** Whether both sides of an AND have a part in common. */
  public boolean sharesPart(Match other) {
    return parts.stream().anyMatch(part -> position(other.parts, part) >= 0);
  }

  /**
   * All combinations of both. Where both give a value for the same part, they have to agree
   * (decision A2).
   */
  public Match and(Match other) {
    List<MatchPart> all = new ArrayList<>(parts);
    int[] targets = new int[other.parts.size()];
    for (int i = 0; i < targets.length; i++) {
      MatchPart part = other.parts.get(i);
      targets[i] = position(all, part);
      if (targets[i] < 0) {
        targets[i] = all.size();
        all.add(part);
      }
    }
    int width = all.size();
    int ours = parts.size();
    Combinations left = combinations;
    Combinations right = other.combinations;
    return new Match(
        all,
        unnests || other.unnests,
        use.and(other.use),
        row -> {
          List<SqlValue[]> a = left.of(row);
          if (a.isEmpty()) {
            return NONE;
          }
          List<SqlValue[]> b = right.of(row);
          if (b == ALWAYS || b.isEmpty()) {
            return b.isEmpty() ? NONE : a;
          }
          return a == ALWAYS ? b : products(a, b, targets, ours, width);
        });
  }

  private static List<SqlValue[]> products(
      List<SqlValue[]> left, List<SqlValue[]> right, int[] targets, int ours, int width) {
    List<SqlValue[]> products = new ArrayList<>(left.size() * right.size());
    for (SqlValue[] a : left) {
      for (SqlValue[] b : right) {
        SqlValue[] product = Arrays.copyOf(a, width);
        boolean agree = true;
        for (int i = 0; i < targets.length && agree; i++) {
          if (targets[i] < ours) {
            agree = same(product[targets[i]], b[i]);
          } else {
            product[targets[i]] = b[i];
          }
        }
        if (agree) {
          products.add(product);
        }
      }
    }
    return products;
  }

  /** Equal as parameters: INTEGER and REAL of the same value are one. */
  private static boolean same(SqlValue left, SqlValue right) {
    return left.equals(right)
        || isNumber(left) && isNumber(right) && Comparison.compare(left, right) == 0;
  }

  private static boolean isNumber(SqlValue value) {
    return value instanceof SqlValue.Int
        || value instanceof SqlValue.Real
        || value instanceof SqlValue.BigInt;
  }

  /** The combinations of either; empty when the sides have different parts. */
  public Optional<Match> or(Match other) {
    int[] targets = positions(parts, other.parts);
    if (targets == null) {
      return Optional.empty();
    }
    Combinations left = combinations;
    Combinations right = other.reordered(targets);
    return Optional.of(
        new Match(
            parts,
            unnests || other.unnests,
            use.or(other.use),
            row -> {
              List<SqlValue[]> a = left.of(row);
              List<SqlValue[]> b = right.of(row);
              if (a.isEmpty() || b.isEmpty()) {
                return a.isEmpty() ? b : a;
              }
              List<SqlValue[]> union = new ArrayList<>(a);
              union.addAll(b);
              return union;
            }));
  }

  /**
   * The combinations with their values in another order.
   *
   * @param targets the new position of each part
   */
  public Combinations reordered(int[] targets) {
    Combinations original = combinations;
    boolean same = true;
    for (int i = 0; i < targets.length; i++) {
      same &= targets[i] == i;
    }
    if (same) {
      return original;
    }
    return row -> {
      List<SqlValue[]> reordered = new ArrayList<>();
      for (SqlValue[] combination : original.of(row)) {
        SqlValue[] values = new SqlValue[combination.length];
        for (int i = 0; i < targets.length; i++) {
          values[targets[i]] = combination[i];
        }
        reordered.add(values);
      }
      return reordered;
    };
  }

  /** Where the parts stand in a list of the same parts; null when it is not the same ones. */
  private static int[] positions(List<MatchPart> list, List<MatchPart> parts) {
    if (list.size() != parts.size()) {
      return null;
    }
    int[] positions = new int[parts.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = position(list, parts.get(i));
      if (positions[i] < 0) {
        return null;
      }
    }
    return positions;
  }

  private static int position(List<MatchPart> list, MatchPart part) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).sameAs(part)) {
        return i;
      }
    }
    return -1;
  }
}
