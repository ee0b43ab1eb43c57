package org.powersync.jakarta.syncconfig.yaml;

import java.util.Collections;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.powersync.jakarta.syncconfig.Compatibility;

/**
 * The options of a document (sync config section 3).
 *
 * @param compatibility flags in force; an edition above 3 counts as 3 until it is refused
 * @param storageVersion when given
 * @param overrides the flags given explicitly, by name
 */
public record ConfigOptions(
    Compatibility compatibility, OptionalInt storageVersion, SortedMap<String, Boolean> overrides) {
  public ConfigOptions {
    overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
  }
}
