package org.powersync.jakarta.sync.rsocket;

/**
 * What a peer can make a connection keep.
 *
 * @param requestBytes metadata and data of one request, put together from all its fragments
 * @param streams requests at once, those still arriving included
 * @param heldBytes all that comes after SETUP and before the decision about it
 */
public record RSocketLimits(int requestBytes, int streams, int heldBytes) {
  /** Clients send their first request, with the names of their buckets, right behind SETUP. */
  public static final RSocketLimits DEFAULT = new RSocketLimits(16 << 20, 8, 1 << 20);
}
