package org.powersync.jakarta.web;

import java.util.Collection;
import java.util.List;

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
    List<HeaderChoice> choices = HeaderChoice.parse(header);
    Preference best = new Preference(IDENTITY, 0, Integer.MAX_VALUE);
    for (String coding : offered) {
      best = better(best, preference(coding, choices, true));
    }
    return better(best, preference(IDENTITY, choices, false)).coding;
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

  private static Preference preference(
      String coding, List<HeaderChoice> choices, boolean byWildcard) {
    Preference wildcard = new Preference(coding, 0, Integer.MAX_VALUE);
    for (HeaderChoice choice : choices) {
      if (choice.value().equals(coding)) {
        return new Preference(coding, choice.quality(), choice.position());
      }
      if (choice.value().equals("*") && byWildcard) {
        wildcard = new Preference(coding, choice.quality(), choice.position());
      }
    }
    return wildcard;
  }
}
