package org.powersync.jakarta.web;

import java.util.List;
import org.powersync.jakarta.sync.bson.BsonEncoder;
import org.powersync.jakarta.sync.ndjson.NdjsonEncoder;

/** Chooses the format of a stream (sync API section 3.2). */
final class AcceptFormat {
  private AcceptFormat() {}

  /**
   * The content type to answer with: the higher quality, each format taking that of the most
   * specific range that matches it; then the more specific range, then the one listed first, then
   * NDJSON. Neither acceptable gives NDJSON too.
   *
   * @param header {@code Accept}, or null
   */
  static String choose(String header) {
    List<HeaderChoice> choices = HeaderChoice.parse(header);
    Match bson = match(BsonEncoder.CONTENT_TYPE, choices);
    Match ndjson = match(NdjsonEncoder.CONTENT_TYPE, choices);
    return bson.betterThan(ndjson) ? BsonEncoder.CONTENT_TYPE : NdjsonEncoder.CONTENT_TYPE;
  }

  /**
   * @param specificity 0 for no range at all, 1 for any type, 2 for any subtype, 3 for the type
   */
  private record Match(double quality, int specificity, int position) {
    private static final Match NONE = new Match(0, 0, Integer.MAX_VALUE);

    private boolean betterThan(Match other) {
      if (quality != other.quality) {
        return quality > other.quality;
      }
      if (specificity != other.specificity) {
        return quality > 0 && specificity > other.specificity;
      }
      return quality > 0 && position < other.position;
    }
  }

  private static Match match(String type, List<HeaderChoice> choices) {
    Match best = Match.NONE;
    for (HeaderChoice choice : choices) {
      int specificity = specificity(type, choice);
      if (specificity > best.specificity
          || specificity > 0
              && specificity == best.specificity
              && choice.quality() > best.quality) {
        best = new Match(choice.quality(), specificity, choice.position());
      }
    }
    return best;
  }

  /** A range with parameters asks for something that neither format is. */
  private static int specificity(String type, HeaderChoice choice) {
    if (choice.parameters()) {
      return 0;
    }
    String range = choice.value();
    if (range.equals(type)) {
      return 3;
    }
    if (range.equals("*/*")) {
      return 1;
    }
    String any = type.substring(0, type.indexOf('/') + 1) + "*";
    return range.equals(any) ? 2 : 0;
  }
}
