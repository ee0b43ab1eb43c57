package org.powersync.jakarta.sync;

/**
 * Why a bucket is present, as clients see it.
 *
 * @param kind what the index counts
 * @param index into the checkpoint's streams, or into the request's subscriptions
 */
public record BucketReason(Kind kind, int index) {
  /** The list an index belongs to. */
  public enum Kind {
    DEFAULT,
    SUBSCRIPTION
  }
}
