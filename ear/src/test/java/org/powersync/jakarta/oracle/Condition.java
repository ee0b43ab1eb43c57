package org.powersync.jakarta.oracle;

import java.util.List;
import java.util.Random;

/** A condition on rows, chosen at random: for the sync config and for the source. */
record Condition(String config, String source) {
  private static final List<Condition> ON_LISTS =
      List.of(
          both("kind > 2"),
          new Condition("archived = 1", "archived"),
          both("NOT archived"),
          both("name IS NOT NULL"),
          both("length(name) > 6"),
          both("(name = 'list 1' OR kind = 2)"),
          new Condition("meta ->> '$.tag' = 'red'", "meta ->> 'tag' = 'red'"));

  private static final List<Condition> ON_TODOS =
      List.of(
          both("n > 400"),
          new Condition("done = 1", "done"),
          both("NOT done"),
          both("body IS NOT NULL"),
          both("length(body) > 9000"),
          both("(n < 100 OR n > 900)"));

  /** Holds for every row; empty text. */
  private static final Condition NONE = both("");

  private static Condition both(String text) {
    return new Condition(text, text);
  }

  static Condition onLists(Random random) {
    return some(ON_LISTS, random);
  }

  static Condition onTodos(Random random) {
    return some(ON_TODOS, random);
  }

  private static Condition some(List<Condition> all, Random random) {
    return random.nextBoolean() ? NONE : all.get(random.nextInt(all.size()));
  }

  /** {@code WHERE} or {@code AND} in front, for the sync config. */
  String config(String word) {
    return config.isEmpty() ? "" : " " + word + " " + config;
  }

  /** {@code WHERE} or {@code AND} in front, for the source. */
  String source(String word) {
    return source.isEmpty() ? "" : " " + word + " " + source;
  }
}
