package org.powersync.jakarta.sync;

import java.time.Instant;
import java.util.Optional;

/**
 * Hears of clients that connect and disconnect (sync API section 2.7); the seam to connection
 * reports. Safe for all threads; may block for a query.
 */
public interface ConnectionEvents {
  /** Nobody is interested. */
  ConnectionEvents NONE =
      new ConnectionEvents() {
        @Override
        public void connected(Connection connection) {
          // Nobody is interested.
        }

        @Override
        public void disconnected(Connection connection, Instant at) {
          // Nobody is interested.
        }
      };

  /**
   * A client's connection.
   *
   * @param userAgent empty when the client did not say
   * @param tokenExpires when its token ends
   */
  record Connection(
      String userId,
      Optional<String> clientId,
      String userAgent,
      Instant connectedAt,
      Instant tokenExpires) {}

  /** A stream was opened. */
  void connected(Connection connection);

  /** It ended; always after {@link #connected} was called for it. */
  void disconnected(Connection connection, Instant at);
}
