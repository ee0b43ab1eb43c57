package org.powersync.jakarta.syncconfig;

import java.util.Objects;

/** The full name of a bucket as stored and sent, such as {@code 7#by_owner["u1"]}. */
public record BucketName(String value) implements Comparable<BucketName> {
  public BucketName {
    Objects.requireNonNull(value);
  }

  /** Code unit order; any fixed order will do for clients. */
  @Override
  public int compareTo(BucketName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
