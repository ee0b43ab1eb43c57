package org.powersync.jakarta.syncconfig.sqlite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Values to try: all edge cases, and any number of generated ones.
 *
 * @param edges without NULL, which every pool has
 */
record Pool(List<SqlValue> edges, Function<Random, SqlValue> generator) {
  private static final String LETTERS = "abcXYZ019 -+.eE_'\"%äßΩя€";

  static final Pool NOTHING = new Pool(List.of(), random -> SqlValue.NULL);

  /** Integers that stay within 64 bits when two are multiplied. */
  static final Pool SMALL_INTEGERS =
      new Pool(
          integers(0, 1, -1, 2, -2, 7, -7, 10, 255, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE),
          random -> SqlValue.of(random.nextInt() >> random.nextInt(31)));

  static final Pool INTEGERS =
      new Pool(
          integers(
              0,
              1,
              -1,
              12,
              -12,
              1L << 31,
              (1L << 53) - 1,
              1L << 53,
              (1L << 53) + 1,
              -(1L << 53) - 1,
              Long.MAX_VALUE,
              Long.MIN_VALUE),
          random -> SqlValue.of(random.nextLong() >> random.nextInt(63)));

  static final Pool REALS =
      new Pool(
          reals(0.5, -0.5, 1.5, -1.5, 2.25, 1e10 + 0.5, -1e-5, 1e300, 4.9e-324, 0.1, 1 / 3.0),
          random -> SqlValue.of(fraction(random)));

  /** Fractions of few digits, whose text form every release of SQLite agrees on. */
  static final Pool DECIMALS =
      new Pool(
          reals(0.5, -0.5, 1.5, -1.25, 0.1, -1e-5, 1e-4, 1e15, 1e17, 1e300, 3.14159, -0.0, 100),
          random -> SqlValue.of(random.nextInt() / Math.pow(10, random.nextInt(5))));

  static final Pool NUMBERS = INTEGERS.and(REALS);

  /** Texts that are integers, or hold none. */
  static final Pool INTEGER_TEXTS =
      new Pool(
          texts("0", "1", "-1", "+5", "007", " 12", "\t3", "12abc", "abc", "", "-", "- 1", "9x9"),
          random -> SqlValue.of((random.nextInt(3) == 0 ? " " : "") + random.nextInt()));

  /** Texts as casts to numbers may find them. */
  static final Pool NUMBER_TEXTS =
      new Pool(
          texts(
              "1.5",
              "-1.5",
              ".5",
              "-.5",
              "5.",
              ".",
              "1e3",
              "1E+3",
              "1e-3",
              "1e",
              "1e+",
              "1.5.5",
              "0x10",
              " 2.5 ",
              "12.75abc",
              "e5",
              "+.25e1x",
              "123456789.125",
              "1_000",
              "--1"),
          random -> SqlValue.of((random.nextInt(200) - 100) + text(random)));

  static final Pool TEXTS =
      new Pool(
          texts(
              "", "a", "abc", "ABC", "aXbXc", "é", "Ωmega", "日本語", "  ", "it's", "\"", "a\nb",
              "100%"),
          random -> SqlValue.of(text(random)));

  static final Pool ASCII =
      new Pool(
          texts("", "a", "abc", "ABC", "MiXed 1", "z~{}|[]@`"),
          random -> SqlValue.of(text(random).replaceAll("[^ -~]", "")));

  static final Pool BLOBS =
      new Pool(
          List.of(blob(), blob(0), blob(0x41), blob(0xff, 0xfe), blob(0x41, 0x42, 0x43)),
          random -> {
            byte[] bytes = new byte[random.nextInt(6)];
            random.nextBytes(bytes);
            return new SqlValue.Blob(bytes);
          });

  Pool and(Pool other) {
    List<SqlValue> all = new ArrayList<>(edges);
    all.addAll(other.edges);
    return new Pool(
        all, random -> (random.nextBoolean() ? generator : other.generator).apply(random));
  }

  static Pool of(String... texts) {
    List<SqlValue> edges = texts(texts);
    return new Pool(edges, random -> edges.get(random.nextInt(edges.size())));
  }

  static Pool of(long... integers) {
    List<SqlValue> edges = integers(integers);
    return new Pool(edges, random -> edges.get(random.nextInt(edges.size())));
  }

  /** The edge cases and NULL. */
  List<SqlValue> all() {
    List<SqlValue> all = new ArrayList<>(edges);
    all.add(SqlValue.NULL);
    return all;
  }

  private static double fraction(Random random) {
    double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(24) - 6);
    return value == Math.rint(value) ? value + 0.5 : value;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  private static List<SqlValue> integers(long... values) {
    return Arrays.stream(values).mapToObj(SqlValue::of).toList();
  }

  private static List<SqlValue> reals(double... values) {
    return Arrays.stream(values).mapToObj(SqlValue::of).toList();
  }

  private static List<SqlValue> texts(String... values) {
    return Arrays.stream(values).map(SqlValue::of).toList();
  }

  private static SqlValue blob(int... bytes) {
    byte[] blob = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      blob[i] = (byte) bytes[i];
    }
    return new SqlValue.Blob(blob);
  }
}
