package org.powersync.jakarta.sync;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says for the operator what used up a limit. */
final class Breakdown {
  private Breakdown() {}

  /** Counts by name, greatest first, at most so many; then how many more there are. */
  static String of(Map<String, ? extends Number> counts, int shown) {
    List<? extends Map.Entry<String, ? extends Number>> sorted =
        counts.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, ? extends Number>>comparingLong(
                        entry -> -entry.getValue().longValue())
                    .thenComparing(Map.Entry::getKey))
            .toList();
    String text =
        sorted.stream()
            .limit(shown)
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", "));
    int rest = sorted.size() - shown;
    return rest > 0 ? text + " and " + rest + " more" : text;
  }
}
