package org.powersync.jakarta.storage.postgres.read;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.BucketOperation.Kind;
import org.powersync.jakarta.storage.postgres.format.ReplicaIds;

/**
 * The current row of {@link OperationsQuery}'s result. Texts that are the same in neighbouring rows
 * (types, source tables) are decoded once; row text stays bytes. One thread.
 */
final class OperationRow {
  private static final int ORDINAL = 1;
  private static final int OP_ID = 2;
  private static final int OP = 3;
  private static final int SOURCE_TABLE = 4;
  private static final int SOURCE_KEY = 5;
  private static final int TABLE_NAME = 6;
  private static final int ROW_ID = 7;
  private static final int CHECKSUM = 8;
  private static final int TARGET_OP = 9;
  private static final int DATA = 10;
  private static final int BEHIND_BYTE_LIMIT = 11;

  private final ResultSet rows;
  private final RepeatedText op = new RepeatedText();
  private final RepeatedText sourceTable = new RepeatedText();
  private final RepeatedText tableName = new RepeatedText();

  OperationRow(ResultSet rows) {
    this.rows = rows;
  }

  int ordinal() throws SQLException {
    return rows.getInt(ORDINAL);
  }

  long opId() throws SQLException {
    return rows.getLong(OP_ID);
  }

  boolean behindByteLimit() throws SQLException {
    return rows.getBoolean(BEHIND_BYTE_LIMIT);
  }

  OptionalLong targetOp() throws SQLException {
    return OperationsQuery.target(rows, TARGET_OP);
  }

  BucketOperation operation() throws SQLException {
    Kind kind = Kind.valueOf(op.of(rows.getBytes(OP)));
    long checksum = rows.getLong(CHECKSUM);
    return switch (kind) {
      case MOVE, CLEAR -> new BucketOperation(opId(), kind, null, null, null, checksum, null);
      case PUT, REMOVE ->
          new BucketOperation(
              opId(),
              kind,
              tableName.of(rows.getBytes(TABLE_NAME)),
              rows.getString(ROW_ID),
              ReplicaIds.subkey(
                  sourceTable.of(rows.getBytes(SOURCE_TABLE)), rows.getBytes(SOURCE_KEY)),
              checksum,
              rows.getBytes(DATA));
    };
  }

  /** Decodes UTF-8, giving the same string for the same bytes in a row. */
  private static final class RepeatedText {
    private byte[] bytes;
    private String text;

    String of(byte[] read) {
      if (!Arrays.equals(bytes, read)) {
        bytes = read;
        text = read == null ? null : new String(read, StandardCharsets.UTF_8);
      }
      return text;
    }
  }
}
