package org.powersync.jakarta.storage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Managed write checkpoints: numbers that tell a client when its own uploads came back (storage
 * section 7). Safe for all threads.
 */
public interface WriteCheckpoints {
  /**
   * A request of one user.
   *
   * @param userId full user id: user, or {@code user/client}
   * @param head source position that replication must pass
   * @param requestId a number the client supplies; empty = the next one
   */
  record Request(String userId, Lsn head, OptionalLong requestId) {}

  /**
   * @param numbers current number per full user id
   * @param shouldAdvance the source must be made to produce a position beyond the head
   */
  record Result(Map<String, Long> numbers, boolean shouldAdvance) {}

  /** Stores requests, merged per user (7.2). */
  Result create(List<Request> requests);

  /**
   * The numbers whose head is at or below the position, of these users; users without one are
   * missing (7.4). Positions compare in byte order.
   */
  Map<String, Long> effective(Collection<String> userIds, Optional<Lsn> position);
}
