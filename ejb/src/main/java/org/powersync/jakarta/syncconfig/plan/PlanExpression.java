package org.powersync.jakarta.syncconfig.plan;

import java.math.BigInteger;
import java.util.ArrayList;
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
  default int height() {
    return 1 + parts().stream().mapToInt(PlanExpression::height).max().orElse(0);
  }

  /** What it is directly made of, from left to right. */
  default List<PlanExpression<D>> parts() {
    return List.of();
  }

  /** Visits the inputs from left to right. */
  default void forEachInput(Consumer<? super D> visitor) {
    parts().forEach(part -> part.forEachInput(visitor));
  }

  /** A value from outside. */
  record Input<D>(D source) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new Input<>(input.apply(source));
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
    public List<PlanExpression<D>> parts() {
      return List.of(operand);
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
    public List<PlanExpression<D>> parts() {
      return List.of(left, right);
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
    public List<PlanExpression<D>> parts() {
      return List.of(value, low, high);
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
    public List<PlanExpression<D>> parts() {
      List<PlanExpression<D>> parts = new ArrayList<>();
      parts.add(target);
      parts.addAll(items);
      return parts;
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
    public List<PlanExpression<D>> parts() {
      List<PlanExpression<D>> parts = new ArrayList<>();
      operand.ifPresent(parts::add);
      for (When<D> when : whens) {
        parts.add(when.condition());
        parts.add(when.result());
      }
      otherwise.ifPresent(parts::add);
      return parts;
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
    public List<PlanExpression<D>> parts() {
      return List.of(operand);
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
    public List<PlanExpression<D>> parts() {
      return parameters;
    }
  }

  /** {@code NULL}. */
  record NullLiteral<D>() implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new NullLiteral<>();
    }
  }

  /** A whole number; TRUE and FALSE are 1 and 0. */
  record IntegerLiteral<D>(BigInteger value) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new IntegerLiteral<>(value);
    }
  }

  /** A number with a point. */
  record RealLiteral<D>(double value) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new RealLiteral<>(value);
    }
  }

  /** A text. */
  record TextLiteral<D>(String value) implements PlanExpression<D> {
    @Override
    public <E> PlanExpression<E> map(Function<? super D, ? extends E> input) {
      return new TextLiteral<>(value);
    }
  }

  private static <D, E> List<PlanExpression<E>> mapAll(
      List<PlanExpression<D>> expressions, Function<? super D, ? extends E> input) {
    return expressions.stream().map(e -> e.<E>map(input)).toList();
  }
}
