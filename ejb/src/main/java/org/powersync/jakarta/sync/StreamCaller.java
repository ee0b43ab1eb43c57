package org.powersync.jakarta.sync;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whose stream it is, after the token was verified.
 *
 * @param userId the {@code sub} claim as text
 * @param token the payload of the token, as {@link org.powersync.jakarta.syncconfig.SyncRequest}
 *     wants it
 * @param expires when the token ends, and the stream with it
 */
public record StreamCaller(String userId, Map<String, Object> token, Instant expires) {
  public StreamCaller {
    Objects.requireNonNull(userId);
    Objects.requireNonNull(expires);
  }

  /** The key of write checkpoints: the user, and the client if it named itself (4.1). */
  public String fullUserId(Optional<String> clientId) {
    return fullUserId(userId, clientId);
  }

  /** The same for a user without a stream. */
  public static String fullUserId(String userId, Optional<String> clientId) {
    return clientId.map(client -> userId + "/" + client).orElse(userId);
  }
}
