package org.powersync.jakarta.sync;

/**
 * Bounds of one connection (sync API section 3.13).
 *
 * @param buckets distinct buckets
 * @param parameterResults result rows of one evaluation's lookups together; also the number of
 *     lookups in one call
 */
public record StreamLimits(int buckets, int parameterResults) {
  public static final StreamLimits DEFAULT = new StreamLimits(1000, 1000);
}
