package org.powersync.jakarta.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark found, over its runs.
 *
 * @param id such as {@code P1}
 * @param name of the work measured
 * @param unit of work and yardstick, such as {@code rows/s} or {@code ms}
 * @param work one value per run
 * @param yardstick one value per run, taken beside it
 */
record Figure(String id, String name, String unit, List<Double> work, List<Double> yardstick) {
  Figure {
    if (work.isEmpty() || work.size() != yardstick.size()) {
      throw new IllegalArgumentException("work and yardstick of every run");
    }
  }

  double ratio(int run) {
    return work.get(run) / yardstick.get(run);
  }

  String row() {
    double[] ratios = new double[work.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ratio(i);
    }
    return String.format(
        Locale.ROOT,
        "| %-3s | %-46s | %s | %s | %s | %s |",
        id,
        name,
        spread(work),
        spread(yardstick),
        unit,
        spread(Arrays.stream(ratios).boxed().toList()));
  }

  String json(String machine) {
    return String.format(
        Locale.ROOT,
        "{\"id\":\"%s\",\"name\":\"%s\",\"unit\":\"%s\",\"work\":%s,\"yardstick\":%s,\"machine\":\"%s\"}",
        id,
        name,
        unit,
        work,
        yardstick,
        machine);
  }

  private static String spread(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return text(sorted[sorted.length / 2])
        + " ("
        + text(sorted[0])
        + "–"
        + text(sorted[sorted.length - 1])
        + ")";
  }

  private static String text(double value) {
    return value >= 1000
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
