package org.powersync.jakarta.syncconfig;

import java.util.OptionalInt;

/**
 * How bucket names begin (sync config section 10.2).
 *
 * @param version the replication stream's number that prefixes every name, or empty for unversioned
 *     names
 */
public record BucketNaming(OptionalInt version) {
  public static final BucketNaming UNVERSIONED = new BucketNaming(OptionalInt.empty());

  public static BucketNaming versioned(int streamNumber) {
    return new BucketNaming(OptionalInt.of(streamNumber));
  }

  /** The part of a bucket name before its parameters. */
  public String prefix(String definitionName) {
    return version.isPresent() ? version.getAsInt() + "#" + definitionName : definitionName;
  }
}
