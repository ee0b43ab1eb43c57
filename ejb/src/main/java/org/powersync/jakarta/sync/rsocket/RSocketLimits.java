package org.powersync.jakarta.sync.rsocket;

import java.time.Duration;

/**
 * What a peer can make a connection keep, and how long it may keep it waiting.
 *
 * @param requestBytes metadata and data of one request, put together from all its fragments
 * @param streams requests at once, those still arriving included
 * @param heldBytes all that comes after SETUP and before the decision about it
 * @param setupPatience how long a connection stays without SETUP, and then without decision
 */
public record RSocketLimits(int requestBytes, int streams, int heldBytes, Duration setupPatience) {
  private static final int STREAMS = 8;

  /** Clients send their first request, with the names of their buckets, right behind SETUP. */
  private static final int HELD_BYTES = 1 << 20;

  private static final Duration SETUP_PATIENCE = Duration.ofSeconds(10);

  /** The usual limits, for requests of at most this size. */
  public static RSocketLimits ofRequests(int bytes) {
    return new RSocketLimits(bytes, STREAMS, HELD_BYTES, SETUP_PATIENCE);
  }
}
