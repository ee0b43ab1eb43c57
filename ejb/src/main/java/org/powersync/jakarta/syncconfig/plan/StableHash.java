package org.powersync.jakarta.syncconfig.plan;

import java.util.function.BiConsumer;

/** The hash that orders partition keys (sync config section 9.7): part of the stored format. */
final class StableHash {
  private static final int MASK = 0x1fffffff;

  private int state = 614160925;

  StableHash add(int value) {
    state = state + value & MASK;
    state = state + ((state & 0x0007ffff) << 10) & MASK;
    state = state ^ state >>> 6;
    return this;
  }

  StableHash addText(String text) {
    for (int i = 0; i < text.length(); i++) {
      add(text.charAt(i));
    }
    return this;
  }

  /** Adds elements whose order does not count; each is hashed alone. */
  <T> StableHash addUnordered(Iterable<T> elements, BiConsumer<StableHash, T> hashing) {
    int sum = 0;
    for (T element : elements) {
      StableHash alone = new StableHash();
      hashing.accept(alone, element);
      sum = sum + alone.finish() & 0x7fffffff;
    }
    return add(sum);
  }

  /** The expression's canonical text, then its inputs. */
  StableHash addExpression(PlanExpression<PlanInput> expression) {
    addText(CanonicalText.of(expression));
    expression.forEachInput(input -> addText(input.hashText()));
    return this;
  }

  int finish() {
    int result = state + ((state & 0x03ffffff) << 3) & MASK;
    result = result ^ result >>> 11;
    return result + ((result & 0x3fff) << 15) & MASK;
  }
}
