package org.powersync.jakarta.syncconfig;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Answers parameter lookups at one checkpoint; storage implements it, tests use a map. */
@FunctionalInterface
public interface LookupSource {
  /**
   * The result rows of each lookup; lookups without rows may be missing from the answer.
   *
   * @param lookups without duplicates
   */
  Map<ParameterLookup, List<OutputRow>> find(Collection<ParameterLookup> lookups);
}
