package org.powersync.jakarta.storage.postgres.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.powersync.jakarta.storage.postgres.change.BucketChangeLog;

/**
 * Writes a {@link WriteSet} with a number of statements that does not depend on its size. Operation
 * ids follow the order of the specification (5.4, step 5): soft deletes by key, then operations,
 * then parameter rows, each in the order of generation. For one thread.
 */
final class WriteOut {
  private static final String COPY_OPERATIONS =
      """
      COPY powersync.bucket_data (group_id, bucket_name, op_id, op, source_table, source_key, \
      table_name, row_id, checksum, data, target_op) FROM STDIN (FORMAT binary)\
      """;
  private static final int OPERATION_FIELDS = 11;
  private static final String COPY_PARAMETERS =
      """
      COPY powersync.bucket_parameters (id, group_id, source_table, source_key, lookup, \
      bucket_parameters) FROM STDIN (FORMAT binary)\
      """;
  private static final int PARAMETER_FIELDS = 6;

  private final CurrentDataTable table;
  private final BucketChangeLog changeLog;
  private final BinaryCopyBuffer buffer = new BinaryCopyBuffer();
  private final CurrentDataWriter currentData;

  WriteOut(CurrentDataTable table, BucketChangeLog changeLog) {
    this.table = table;
    this.changeLog = changeLog;
    this.currentData = new CurrentDataWriter(table, buffer);
  }

  /**
   * Writes everything.
   *
   * @param places where the current data holds a row; null for one it does not hold
   * @return the last operation id used, or the last of the sequence when none was
   */
  long write(Connection connection, WriteSet writes, Function<RowKey, String> places)
      throws SQLException {
    int operations = writes.operationCount();
    OpIdSequence.Taken taken =
        operations == 0
            ? OpIdSequence.last(connection, changeLog)
            : OpIdSequence.take(connection, operations, changeLog, buckets(writes));
    OpIdBlock ids = taken.ids();
    currentData.store(connection, writes.upserts(), places, ids);
    List<RowKey> deletes = writes.deletes();
    if (!deletes.isEmpty()) {
      currentData.delete(connection, deletes);
    }
    if (!writes.bucketWrites().isEmpty()) {
      buffer.copy(connection, COPY_OPERATIONS, out -> operations(out, writes.bucketWrites(), ids));
    }
    if (!writes.parameterWrites().isEmpty()) {
      buffer.copy(
          connection, COPY_PARAMETERS, out -> parameters(out, writes.parameterWrites(), ids));
    }
    return taken.last();
  }

  private static BucketChangeLog.Names buckets(WriteSet writes) {
    BucketChangeLog.Names names = new BucketChangeLog.Names();
    for (BucketWrite write : writes.bucketWrites()) {
      names.add(write.ref().bucket());
    }
    return names;
  }

  private void operations(BinaryCopyBuffer out, List<BucketWrite> writes, OpIdBlock ids)
      throws SQLException {
    for (BucketWrite write : writes) {
      out.startRow(OPERATION_FIELDS);
      out.int4Field(table.stream().value());
      out.textField(write.ref().bucket());
      out.int8Field(ids.next());
      out.textField(write.isPut() ? "PUT" : "REMOVE");
      out.textField(write.row().tableId());
      out.bytesField(write.row().sourceKey());
      out.textField(write.ref().table());
      out.textField(write.ref().id());
      out.int8Field(write.checksum());
      if (write.isPut()) {
        out.bytesField(write.json());
      } else {
        out.nullField();
      }
      out.nullField();
    }
  }

  private void parameters(BinaryCopyBuffer out, List<ParameterWrite> writes, OpIdBlock ids)
      throws SQLException {
    for (ParameterWrite write : writes) {
      out.startRow(PARAMETER_FIELDS);
      out.int8Field(ids.next());
      out.int4Field(table.stream().value());
      out.textField(write.row().tableId());
      out.bytesField(write.row().sourceKey());
      out.bytesField(write.lookup().bytes());
      out.bytesField(write.json());
    }
  }
}
