package org.powersync.jakarta.web;

import java.util.Collection;
import java.util.Locale;

/** Chooses the content coding of a stream (sync API section 3.2). */
final class AcceptEncoding {
  static final String IDENTITY = "identity";
  static final String GZIP = "gzip";
  static final String ZSTD = "zstd";

  private AcceptEncoding() {}

  /**
   * The coding to use: highest quality, then zstd, then the order of the header. Identity ranks
   * behind what is listed, unless it is listed itself, and is always possible.
   *
   * @param header {@code Accept-Encoding}, or null
   * @param offered codings that can be produced, besides identity, best first
   */
  static String choose(String header, Collection<String> offered) {
    if (header == null) {
      return IDENTITY;
    }
    Preference best = new Preference(IDENTITY, 0, Integer.MAX_VALUE);
    String[] entries = header.split(",");
    for (String coding : offered) {
      best = better(best, preference(coding, entries, true));
    }
    return better(best, preference(IDENTITY, entries, false)).coding;
  }

  /**
   * @param position in the header, earlier is better
   */
  private record Preference(String coding, double quality, int position) {}

  private static Preference better(Preference a, Preference b) {
    if (b.quality == 0 || a.quality > b.quality) {
      return a;
    }
    if (b.quality > a.quality) {
      return b;
    }
    if (a.coding.equals(ZSTD)) {
      return a;
    }
    return b.coding.equals(ZSTD) || b.position < a.position ? b : a;
  }

  private static Preference preference(String coding, String[] entries, boolean byWildcard) {
    Preference wildcard = new Preference(coding, 0, Integer.MAX_VALUE);
    for (int i = 0; i < entries.length; i++) {
      String[] parts = entries[i].split(";");
      String name = parts[0].trim().toLowerCase(Locale.ROOT);
      if (name.equals(coding)) {
        return new Preference(coding, quality(parts), i);
      }
      if (name.equals("*") && byWildcard) {
        wildcard = new Preference(coding, quality(parts), i);
      }
    }
    return wildcard;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2).trim());
        } catch (NumberFormatException e) {
          // What cannot be understood is not wanted.
          return 0;
        }
      }
    }
    return 1;
  }
}
