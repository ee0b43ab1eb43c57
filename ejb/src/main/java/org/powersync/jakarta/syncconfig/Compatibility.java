package org.powersync.jakarta.syncconfig;

import java.util.OptionalInt;

/**
 * The options of a sync config that change how values look (sync config section 3).
 *
 * @param edition language generation, 1 to 3
 * @param timestampsIso8601 timestamps with {@code T} and a fixed number of digits
 * @param versionedBucketIds bucket names carry the stream's number
 * @param fixedJsonExtract JSON paths split on {@code .} only after {@code $}
 * @param customPostgresTypes domains, composites, ranges and their arrays are decoded
 * @param maxTimePrecision sub-second digits at most: 0, 3, 6 or 9; empty = the source's own
 */
public record Compatibility(
    int edition,
    boolean timestampsIso8601,
    boolean versionedBucketIds,
    boolean fixedJsonExtract,
    boolean customPostgresTypes,
    OptionalInt maxTimePrecision) {

  /** What an edition means when no option is given explicitly. */
  public static Compatibility ofEdition(int edition) {
    boolean modern = edition >= 2;
    return new Compatibility(edition, modern, modern, modern, modern, OptionalInt.empty());
  }
}
