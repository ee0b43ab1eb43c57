package org.powersync.jakarta.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One entry of an {@code Accept…} header.
 *
 * @param value in lower case
 * @param parameters whether it has parameters besides its quality
 * @param quality 0 (not wanted) to 1; what cannot be understood is not wanted
 * @param position in the header, earlier is better
 */
record HeaderChoice(String value, boolean parameters, double quality, int position) {

  /**
   * The entries in order; none without a header.
   *
   * @param header may be null
   */
  static List<HeaderChoice> parse(String header) {
    List<HeaderChoice> choices = new ArrayList<>();
    if (header == null) {
      return choices;
    }
    String[] entries = header.split(",");
    for (int i = 0; i < entries.length; i++) {
      String[] parts = entries[i].split(";");
      if (parts.length > 0 && !parts[0].isBlank()) {
        choices.add(of(parts, i));
      }
    }
    return choices;
  }

  private static HeaderChoice of(String[] parts, int position) {
    double quality = 1;
    boolean parameters = false;
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        quality = quality(parameter.substring(2).trim());
      } else {
        parameters |= !parameter.isEmpty();
      }
    }
    return new HeaderChoice(
        parts[0].trim().toLowerCase(Locale.ROOT), parameters, quality, position);
  }

  private static double quality(String text) {
    try {
      double quality = Double.parseDouble(text);
      return quality > 0 ? Math.min(quality, 1) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
