package org.powersync.jakarta.syncconfig;

import java.util.Map;
import java.util.OptionalInt;

/**
 * The options of a sync config that change how values look (sync config section 3).
 *
 * @param edition language generation, 1 to 3
 * @param timestampsIso8601 timestamps with {@code T} and a fixed number of digits
 * @param versionedBucketIds bucket names carry the stream's number
 * @param fixedJsonExtract JSON paths split on {@code .} only after {@code $}
 * @param customPostgresTypes domains, composites, ranges and their arrays are decoded
 * @param sqliteEngine expressions of edition 3 are evaluated as by SQLite
 * @param maxTimePrecision sub-second digits at most: 0, 3, 6 or 9; empty = the source's own
 */
public record Compatibility(
    int edition,
    boolean timestampsIso8601,
    boolean versionedBucketIds,
    boolean fixedJsonExtract,
    boolean customPostgresTypes,
    boolean sqliteEngine,
    OptionalInt maxTimePrecision) {

  /** The option {@link #timestampsIso8601}. */
  public static final String ISO8601 = "timestamps_iso8601";

  /** The option {@link #versionedBucketIds}. */
  public static final String VERSIONED_IDS = "versioned_bucket_ids";

  /** The option {@link #fixedJsonExtract}. */
  public static final String FIXED_JSON = "fixed_json_extract";

  /** The option {@link #customPostgresTypes}. */
  public static final String CUSTOM_TYPES = "custom_postgres_types";

  /** The option {@link #sqliteEngine}, off in every edition. */
  public static final String SQLITE_ENGINE = "unstable_sqlite_expression_engine";

  /** What an edition means with the options given explicitly. */
  public static Compatibility of(
      int edition, Map<String, Boolean> overrides, OptionalInt maxTimePrecision) {
    boolean modern = edition >= 2;
    return new Compatibility(
        edition,
        overrides.getOrDefault(ISO8601, modern),
        overrides.getOrDefault(VERSIONED_IDS, modern),
        overrides.getOrDefault(FIXED_JSON, modern),
        overrides.getOrDefault(CUSTOM_TYPES, modern),
        overrides.getOrDefault(SQLITE_ENGINE, false),
        maxTimePrecision);
  }

  /** What an edition means when no option is given explicitly. */
  public static Compatibility ofEdition(int edition) {
    return of(edition, Map.of(), OptionalInt.empty());
  }
}
