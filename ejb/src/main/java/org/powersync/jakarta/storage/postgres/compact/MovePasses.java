package org.powersync.jakarta.storage.postgres.compact;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.storage.postgres.compact.CompactionSteps.Step;

/**
 * Operations that become MOVE, in two passes. Pages of the table are full: a rewritten row goes to
 * another page and needs a new entry in the index. But it is also much smaller than it was. So a
 * first pass rewrites so many rows of each page that the others fit where they were, once
 * PostgreSQL has reclaimed their space; that makes the second pass several times as fast, and the
 * table hardly grows.
 *
 * @param first rows that make room
 * @param second rows that take it
 */
record MovePasses(List<Step> first, List<Step> second) {
  /** A MOVE in a page, with its line pointer. */
  private static final int MOVED_BYTES = 80;

  /** What a row has that a MOVE has not, apart from its data. */
  private static final int CONTENT_BYTES = 60;

  static MovePasses of(List<Step> moves) {
    List<Step> first = new ArrayList<>();
    List<Step> second = new ArrayList<>();
    Map<String, Long> room = new HashMap<>();
    for (Step move : moves) {
      String page = move.place().substring(0, move.place().indexOf(','));
      long free = room.getOrDefault(page, 0L);
      if (free >= MOVED_BYTES) {
        second.add(move);
        room.put(page, free - MOVED_BYTES);
      } else {
        first.add(move);
        room.put(page, free + MOVED_BYTES + CONTENT_BYTES + move.bytes());
      }
    }
    return new MovePasses(first, second);
  }
}
