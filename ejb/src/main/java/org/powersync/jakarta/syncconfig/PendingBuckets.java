package org.powersync.jakarta.syncconfig;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Buckets that depend on lookups of one dependency level. Immutable. */
public interface PendingBuckets {
  /** What to ask for; may repeat, and may be empty when no lookup can be asked. */
  Collection<ParameterLookup> lookups();

  /**
   * Goes on with the answers.
   *
   * @param found result rows by lookup; lookups without rows may be missing
   */
  Resumed resume(Map<ParameterLookup, List<OutputRow>> found);

  /**
   * The next state.
   *
   * @param buckets known now
   * @param pending what needs lookups of a further level
   */
  record Resumed(List<ResolvedBucket> buckets, List<PendingBuckets> pending) {}
}
