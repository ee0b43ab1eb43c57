package org.powersync.jakarta.replication.postgres.server;

import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

/**
 * A row of {@code pg_replication_slots}.
 *
 * @param walStatus from PostgreSQL 13
 * @param invalidationReason from PostgreSQL 17
 * @param safeWalSize bytes that may still be written before the slot is lost
 * @param sameDatabase belongs to the database of the connection
 */
public record ReplicationSlot(
    String name,
    String plugin,
    boolean sameDatabase,
    boolean temporary,
    Optional<String> walStatus,
    Optional<String> invalidationReason,
    OptionalLong safeWalSize,
    Optional<PgLsn> confirmedFlush) {

  /** Still being made: the server has not found yet where it begins. */
  public boolean unfinished() {
    return sameDatabase && confirmedFlush.isEmpty() && !lost();
  }

  public boolean lost() {
    return walStatus.filter("lost"::equals).isPresent();
  }
}
