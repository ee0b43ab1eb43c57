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
  /** Clients send their first request, with the names of their buckets, right behind SETUP. */
  public static final RSocketLimits DEFAULT =
      new RSocketLimits(16 << 20, 8, 1 << 20, Duration.ofSeconds(10));
}
