package org.powersync.jakarta.sync.rsocket;

/**
 * What a peer can make a connection keep.
 *
 * @param requestBytes metadata and data of one request, put together from all its fragments
 * @param streams requests at once, those still arriving included
 */
public record RSocketLimits(int requestBytes, int streams) {
  public static final RSocketLimits DEFAULT = new RSocketLimits(16 << 20, 8);
}
