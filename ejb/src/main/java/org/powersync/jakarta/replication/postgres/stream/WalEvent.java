package org.powersync.jakarta.replication.postgres.stream;

import java.nio.ByteBuffer;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;

/** What the reader hands to the applier, in the order of the stream. */
sealed interface WalEvent {
  /** A message, not decoded yet. */
  record Message(ByteBuffer bytes) implements WalEvent {}

  /**
   * Everything that was there has been read. Everything committed on the source before this
   * position came in the messages before (5.3).
   */
  record Drained(PgLsn position) implements WalEvent {}

  /** The stream ended, or could not be read. */
  record Failed(Throwable cause) implements WalEvent {}
}
