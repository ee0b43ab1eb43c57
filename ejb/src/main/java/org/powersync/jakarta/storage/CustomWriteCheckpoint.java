package org.powersync.jakarta.storage;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A write checkpoint whose number the source itself supplies (storage section 7.3).
 *
 * @param userId full user id: user, or {@code user/client}
 * @param number replaces the stored one, also when it is lower
 * @param requestedAt set = the record may expire
 */
public record CustomWriteCheckpoint(String userId, long number, Optional<Instant> requestedAt) {
  public CustomWriteCheckpoint {
    Objects.requireNonNull(userId);
    Objects.requireNonNull(requestedAt);
  }
}
