package org.powersync.jakarta.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which clients connected when, with which SDK (storage section 10). One record per user, client
 * and UTC day. An application-scoped CDI bean; safe for all threads.
 */
public interface ConnectionReports {
  /**
   * A connection being reported.
   *
   * @param clientId empty text when the client sent none
   * @param sdk {@code unknown} when the client did not say
   * @param tokenExpiresAt end of its token
   */
  record Connected(
      String userId,
      String clientId,
      Instant connectedAt,
      String sdk,
      String userAgent,
      Optional<Instant> tokenExpiresAt) {}

  /**
   * The end of a connection.
   *
   * @param connectedAt exactly as it was reported
   */
  record Disconnected(
      String userId, String clientId, Instant connectedAt, Instant disconnectedAt) {}

  /** Clients and users that use one SDK. */
  record SdkUse(String sdk, long clients, long users) {}

  /** Distinct users, in all and by SDK; SDKs in name order. */
  record Summary(long users, List<SdkUse> sdks) {
    public Summary {
      sdks = List.copyOf(sdks);
    }
  }

  /** One record. */
  record Entry(
      String id,
      String userId,
      String clientId,
      String userAgent,
      String sdk,
      Instant connectedAt,
      Optional<Instant> tokenExpiresAt,
      Optional<Instant> disconnectedAt) {}

  /**
   * Which records to list, all conditions together.
   *
   * @param start of connections, inclusive
   * @param end of connections, inclusive
   * @param cursor only connections strictly before it
   * @param limit at most so many; 0 = 100
   */
  record Query(
      Optional<String> userId,
      Optional<String> clientId,
      Optional<Instant> start,
      Optional<Instant> end,
      Optional<Instant> cursor,
      int limit) {
    public static final int DEFAULT_LIMIT = 100;
    public static final Query ALL =
        new Query(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0);

    public Query {
      if (limit < 0) {
        throw new IllegalArgumentException("limit must be 0 (for 100) or positive");
      }
      limit = limit == 0 ? DEFAULT_LIMIT : limit;
    }
  }

  /**
   * Records, newest connection first.
   *
   * @param cursor for the next page; present when there may be more
   */
  record Page(List<Entry> entries, Optional<Instant> cursor) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /** Updates today's record of this user and client, or adds one. */
  void connected(Connected connection);

  /** Closes the record of exactly this connection; nothing happens when there is none. */
  void disconnected(Disconnected connection);

  /** Clients that are connected now: not disconnected, token still valid. */
  Summary current();

  /** Clients that connected between two times, both inclusive. */
  Summary between(Instant start, Instant end);

  /** Lists records. */
  Page list(Query query);

  /**
   * Deletes records of connections before this time that ended, or whose token did.
   *
   * @return how many
   */
  long deleteBefore(Instant time);
}
