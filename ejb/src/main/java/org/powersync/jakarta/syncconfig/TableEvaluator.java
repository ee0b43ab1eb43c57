package org.powersync.jakarta.syncconfig;

import java.util.List;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Everything a config does with the rows of one source table, compiled once. Safe for all threads.
 */
public interface TableEvaluator {
  /** True when rows of this table go into buckets. */
  boolean syncsData();

  /** True when rows of this table feed parameter lookups. */
  boolean syncsParameters();

  /** The buckets of this row, in definition and query order; duplicates are meaningful. */
  Evaluated<BucketRow> data(SourceRow row);

  /** The lookups of this row, in definition and query order. */
  Evaluated<ParameterEntry> parameters(SourceRow row);

  /** The events that changes of this table trigger, in document order. */
  default List<String> triggeredEvents() {
    return List.of();
  }

  /** True when changes of this table trigger events. */
  default boolean triggersEvents() {
    return !triggeredEvents().isEmpty();
  }

  /** What each event gets of this row; an event whose query fails has an error of its name. */
  default Evaluated<EventPayload> events(SourceRow row) {
    return Evaluated.nothing();
  }
}
