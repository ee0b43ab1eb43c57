package org.powersync.jakarta.replication.postgres.pgoutput;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One message of {@code pgoutput}, protocol version 1 (replication section 3.1). OIDs are unsigned
 * 32-bit numbers, kept in longs. Messages share the bytes they were decoded from, which nobody
 * changes; they may be handed to other threads.
 */
public sealed interface PgOutputMessage {

  /**
   * Start of a transaction.
   *
   * @param finalLsn position of its commit record
   * @param commitTime clock of the source
   */
  record Begin(PgLsn finalLsn, Instant commitTime, long xid) implements PgOutputMessage {}

  /**
   * End of a transaction.
   *
   * @param endLsn behind the commit record; the position to use for checkpoints
   */
  record Commit(int flags, PgLsn commitLsn, PgLsn endLsn, Instant commitTime)
      implements PgOutputMessage {}

  /** The definition of a table, sent before its first change and again after it was altered. */
  record Relation(
      long oid, String schema, String name, ReplicaIdentity identity, List<Column> columns)
      implements PgOutputMessage {
    public Relation {
      columns = List.copyOf(columns);
    }

    /** The types of all columns, to be resolved before rows can be decoded. */
    public List<Long> typeOids() {
      return columns.stream().map(Column::typeOid).toList();
    }

    /** The columns that identify a row, in column order; empty = rows have no identity. */
    public List<Column> identityColumns() {
      return columns.stream().filter(Column::identity).toList();
    }
  }

  /**
   * A column of a relation.
   *
   * @param identity part of the replica identity
   * @param typeModifier such as the length of a varchar; −1 for none
   */
  record Column(boolean identity, String name, long typeOid, int typeModifier) {}

  /** The name of a type that is not built in; sent before relations that use it. */
  record Type(long oid, String schema, String name) implements PgOutputMessage {}

  /** Where a transaction came from, when it was replicated into the source itself. */
  record Origin(PgLsn commitLsn, String name) implements PgOutputMessage {}

  /** A change of one row. */
  sealed interface RowChange extends PgOutputMessage {
    long relationOid();
  }

  /** A new row. */
  record Insert(long relationOid, Tuple after) implements RowChange {}

  /**
   * A changed row.
   *
   * @param before the old key or the old row; null when the identity did not change
   * @param after the new row; may have absent values
   */
  record Update(long relationOid, Tuple before, Tuple after) implements RowChange {
    public Update {
      Objects.requireNonNull(after);
    }
  }

  /** A removed row: its key or, with identity FULL, all of it. */
  record Delete(long relationOid, Tuple before) implements RowChange {}

  /** All rows of these tables are gone. */
  record Truncate(List<Long> relationOids, boolean cascade, boolean restartIdentity)
      implements PgOutputMessage {
    public Truncate {
      relationOids = List.copyOf(relationOids);
    }
  }

  /** What {@code pg_logical_emit_message} wrote; outside transactions when not transactional. */
  record LogicalMessage(boolean transactional, PgLsn lsn, String prefix, byte[] content)
      implements PgOutputMessage {}
}
