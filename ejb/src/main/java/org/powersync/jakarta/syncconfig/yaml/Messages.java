package org.powersync.jakarta.syncconfig.yaml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.sql.Span;

/**
 * Collects what loading a document has to say (sync config section 13). Used by one thread.
 *
 * <p>Places come as part of the document, as part of an SQL text in it, or not at all.
 */
public final class Messages {
  private final List<ConfigMessage> messages = new ArrayList<>();
  private final int[] lineStarts;
  private boolean fatal;

  /** Messages about one document. */
  public Messages(String yaml) {
    this.lineStarts = lineStarts(yaml);
  }

  private static int[] lineStarts(String yaml) {
    int[] starts = new int[64];
    int count = 1;
    for (int at = yaml.indexOf('\n'); at >= 0; at = yaml.indexOf('\n', at + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
      }
      starts[count++] = at + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  /** The config is unusable, for a reason somewhere in the document. */
  public void fatal(String about, String text, Place place) {
    fatal = true;
    add(ConfigMessage.Level.FATAL, about, text, place);
  }

  /** The config is unusable, for a reason in one of its SQL texts. */
  public void fatal(String about, String text, SqlText sql, Span span) {
    fatal(about, text, sql.place(span));
  }

  /** The config is unusable as a whole. */
  public void fatal(String about, String text) {
    fatal(about, text, Place.NONE);
  }

  /** The config works, but somebody should look at this place. */
  public void warning(String about, String text, Place place) {
    add(ConfigMessage.Level.WARNING, about, text, place);
  }

  /** The config works, but somebody should look at this part of an SQL text. */
  public void warning(String about, String text, SqlText sql, Span span) {
    warning(about, text, sql.place(span));
  }

  /** Whether the config is unusable. */
  public boolean hasFatal() {
    return fatal;
  }

  /** What was said so far, in order. */
  public List<ConfigMessage> toList() {
    return List.copyOf(messages);
  }

  private void add(ConfigMessage.Level level, String about, String text, Place place) {
    int found = Arrays.binarySearch(lineStarts, place.start());
    int line = found >= 0 ? found : -found - 2;
    int column = place.start() - lineStarts[line] + 1;
    messages.add(
        new ConfigMessage(level, about, text, place.start(), place.end(), line + 1, column));
  }
}
