package org.powersync.jakarta.syncconfig.yaml;

import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlScalar;

/**
 * Where the units of a scalar's text stand in the document (sync config section 13).
 *
 * <p>The text, as the YAML parser understood it, is laid along its source. White space is where the
 * two differ: folded lines, indentation. So visible units are matched one by one, skipping whatever
 * white space the source has before them; escapes count as the unit they stand for.
 */
final class ScalarPositions {
  private final String yaml;
  private final YamlScalar scalar;
  private final int sourceEnd;
  private final int[] starts;
  private final int[] ends;

  /** The source position, and the unit found there. */
  private int at;

  private int width;
  private int codePoint;

  ScalarPositions(String yaml, YamlScalar scalar) {
    this.yaml = yaml;
    this.scalar = scalar;
    boolean quoted =
        scalar.style() == YamlScalar.Style.SINGLE_QUOTED
            || scalar.style() == YamlScalar.Style.DOUBLE_QUOTED;
    this.at = scalar.source().start();
    this.sourceEnd = scalar.source().end() - (quoted ? 1 : 0);
    if (quoted) {
      at++;
    } else if (scalar.style() == YamlScalar.Style.BLOCK) {
      int header = yaml.indexOf('\n', at);
      at = header < 0 ? sourceEnd : header + 1;
    }
    String text = scalar.text();
    this.starts = new int[text.length() + 1];
    this.ends = new int[text.length()];
    align(text);
  }

  /** The place of a part of the text; an empty part gets the unit behind it. */
  Place place(int start, int end) {
    if (start < end) {
      return new Place(starts[start], Math.max(starts[start], ends[end - 1]));
    }
    int from = starts[start];
    return new Place(from, Math.min(from + 1, yaml.length()));
  }

  private void align(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      decode();
      if (isBlank(c)) {
        boolean same = at < sourceEnd && codePoint == c;
        starts[i] = at;
        at += same ? width : 0;
        ends[i] = at;
        continue;
      }
      while (at < sourceEnd && isBlank(codePoint)) {
        at += width;
        decode();
      }
      starts[i] = at;
      at = Math.min(at + width, sourceEnd);
      ends[i] = at;
      if (codePoint > Character.MAX_VALUE && i + 1 < text.length()) {
        i++;
        starts[i] = starts[i - 1];
        ends[i] = at;
      }
    }
    starts[text.length()] = at;
  }

  /** Reads the unit at the current source position. */
  private void decode() {
    width = 1;
    codePoint = at < sourceEnd ? yaml.charAt(at) : ' ';
    if (scalar.style() == YamlScalar.Style.SINGLE_QUOTED && codePoint == '\'') {
      width = 2;
    } else if (scalar.style() == YamlScalar.Style.DOUBLE_QUOTED && codePoint == '\\') {
      decodeEscape();
    }
  }

  private void decodeEscape() {
    char kind = at + 1 < sourceEnd ? yaml.charAt(at + 1) : ' ';
    width = 2;
    switch (kind) {
      case 'n' -> codePoint = '\n';
      case 't' -> codePoint = '\t';
      case 'r' -> codePoint = '\r';
      case 'x' -> hexadecimal(2);
      case 'u' -> hexadecimal(4);
      case 'U' -> hexadecimal(8);
      default -> codePoint = kind;
    }
  }

  private void hexadecimal(int digits) {
    width = 2 + digits;
    if (at + width <= sourceEnd) {
      codePoint = Integer.parseInt(yaml, at + 2, at + width, 16);
    }
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
