package org.powersync.jakarta.syncconfig.plan;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A scalar expression of edition 3 (sync config sections 6 and 12). Immutable; equal expressions
 * compute the same.
 *
 * @param <D> what its inputs are: {@link PlanInput} in a plan, references with a place while
 *     compiling
 */
public sealed interface PlanExpression<D> {
  /** The function for the scalar form of {@code x IN y}. */
  String JSON_CONTAINS = "ps_json_contains";

  /** The same expression over other inputs. */
  <E> PlanExpression<E> map(Function<? super D, ? extends E> input);

  /** How deeply it is nested; 1 for inputs and literals. */
  int height();

  /** Visits the inputs from left to right. */
  void forEachInput(Consumer<? super D> visitor);

  /** A value from outside. */
  record Input<D>(D source) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new Input<>(input.apply(source));
    }

    @Override
    public int height() {
      return 1;
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      visitor.accept(source);
    }
  }

  /** {@code NOT x} or {@code +x}. */
  record Unary<D>(PlanOperator operator, PlanExpression<D> operand) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new Unary<>(operator, operand.map(input));
    }

    @Override
    public int height() {
      return 1 + operand.height();
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      operand.forEachInput(visitor);
    }
  }

  /** Two operands. */
  record Binary<D>(PlanOperator operator, PlanExpression<D> left, PlanExpression<D> right)
      implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new Binary<>(operator, left.map(input), right.map(input));
    }

    @Override
    public int height() {
      return 1 + Math.max(left.height(), right.height());
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      left.forEachInput(visitor);
      right.forEachInput(visitor);
    }
  }

  /** {@code x BETWEEN low AND high}. */
  record Between<D>(PlanExpression<D> value, PlanExpression<D> low, PlanExpression<D> high)
      implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new Between<>(value.map(input), low.map(input), high.map(input));
    }

    @Override
    public int height() {
      return 1 + Math.max(value.height(), Math.max(low.height(), high.height()));
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      value.forEachInput(visitor);
      low.forEachInput(visitor);
      high.forEachInput(visitor);
    }
  }

  /** {@code x IN (a, b)}, from {@code ARRAY[...]} and {@code ROW(...)}. */
  record InList<D>(PlanExpression<D> target, List<PlanExpression<D>> items)
      implements PlanExpression<D> {
    public InList {
      items = List.copyOf(items);
    }

    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new InList<>(target.map(input), mapAll(items, input));
    }

    @Override
    public int height() {
      return 1 + Math.max(target.height(), highest(items));
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      target.forEachInput(visitor);
      items.forEach(item -> item.forEachInput(visitor));
    }
  }

  /** {@code CASE}. */
  record CaseWhen<D>(
      Optional<PlanExpression<D>> operand,
      List<When<D>> whens,
      Optional<PlanExpression<D>> otherwise)
      implements PlanExpression<D> {
    public CaseWhen {
      whens = List.copyOf(whens);
    }

    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new CaseWhen<E>(
          operand.map(e -> e.<E>map(input)),
          whens.stream()
              .map(w -> new When<E>(w.condition().map(input), w.result().map(input)))
              .toList(),
          otherwise.map(e -> e.<E>map(input)));
    }

    @Override
    public int height() {
      return 1
          + Math.max(
              Math.max(
                  operand.map(PlanExpression::height).orElse(0),
                  otherwise.map(PlanExpression::height).orElse(0)),
              whens.stream()
                  .mapToInt(w -> Math.max(w.condition().height(), w.result().height()))
                  .max()
                  .orElse(0));
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      operand.ifPresent(e -> e.forEachInput(visitor));
      for (When<D> when : whens) {
        when.condition().forEachInput(visitor);
        when.result().forEachInput(visitor);
      }
      otherwise.ifPresent(e -> e.forEachInput(visitor));
    }
  }

  /** A branch of {@code CASE}. */
  record When<D>(PlanExpression<D> condition, PlanExpression<D> result) {}

  /** {@code CAST(x AS type)}, the type in lower case. */
  record Cast<D>(PlanExpression<D> operand, String type) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new Cast<>(operand.map(input), type);
    }

    @Override
    public int height() {
      return 1 + operand.height();
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      operand.forEachInput(visitor);
    }
  }

  /** A function; JSON access counts as one, named {@code ->} or {@code ->>}. */
  record Call<D>(String function, List<PlanExpression<D>> parameters) implements PlanExpression<D> {
    public Call {
      parameters = List.copyOf(parameters);
    }

    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new Call<>(function, mapAll(parameters, input));
    }

    @Override
    public int height() {
      return 1 + highest(parameters);
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      parameters.forEach(parameter -> parameter.forEachInput(visitor));
    }
  }

  /** {@code NULL}. */
  record NullLiteral<D>() implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new NullLiteral<>();
    }

    @Override
    public int height() {
      return 1;
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      // Has none.
    }
  }

  /** A whole number; TRUE and FALSE are 1 and 0. */
  record IntegerLiteral<D>(BigInteger value) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new IntegerLiteral<>(value);
    }

    @Override
    public int height() {
      return 1;
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      // Has none.
    }
  }

  /** A number with a point. */
  record RealLiteral<D>(double value) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new RealLiteral<>(value);
    }

    @Override
    public int height() {
      return 1;
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      // Has none.
    }
  }

  /** A text. */
  record TextLiteral<D>(String value) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new TextLiteral<>(value);
    }

    @Override
    public int height() {
      return 1;
    }

    @Override
    public void forEachInput(Consumer<? super D> visitor) {
      // Has none.
    }
  }

  private static <D> int highest(List<PlanExpression<D>> expressions) {
    return expressions.stream().mapToInt(PlanExpression::height).max().orElse(0);
  }

  private static <D, E> List<PlanExpression<E>> mapAll(
      List<PlanExpression<D>> expressions, Function<? super D, ? extends E> input) {
    return expressions.stream().map(e -> e.<E>map(input)).toList();
  }
}
