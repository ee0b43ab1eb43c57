package org.powersync.jakarta.syncconfig.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Compares an expression with SQLite over all combinations of edge cases and generated values. */
final class Comparing implements AutoCloseable {
  private static final int REPORTED = 5;

  private final Sqlite sqlite = new Sqlite();
  private final Random random;
  private final int generated;

  /**
   * @param seed of the generated values
   * @param generated how many rows of them
   */
  Comparing(long seed, int generated) {
    this.random = new Random(seed);
    this.generated = generated;
  }

  /** Fails unless both agree everywhere. */
  void agree(Evaluator evaluator, String inSqlite, Pool a, Pool b, Pool c) {
    List<String> differences = new ArrayList<>();
    for (List<SqlValue> row : rows(a, b, c)) {
      Result ours = evaluator.evaluate(row);
      Result theirs = sqlite.evaluate(inSqlite, row);
      if (!ours.equals(theirs) && differences.size() < REPORTED) {
        differences.add("%s%n  here   %s%n  SQLite %s".formatted(row, ours, theirs));
      }
    }
    assertThat(differences).as(inSqlite).isEmpty();
  }

  private List<List<SqlValue>> rows(Pool a, Pool b, Pool c) {
    List<List<SqlValue>> rows = new ArrayList<>();
    for (SqlValue first : a.all()) {
      for (SqlValue second : b.all()) {
        for (SqlValue third : c.all()) {
          rows.add(List.of(first, second, third));
        }
      }
    }
    for (int i = 0; i < generated; i++) {
      rows.add(
          List.of(
              a.generator().apply(random),
              b.generator().apply(random),
              c.generator().apply(random)));
    }
    return rows;
  }

  @Override
  public void close() throws Exception {
    sqlite.close();
  }
}
