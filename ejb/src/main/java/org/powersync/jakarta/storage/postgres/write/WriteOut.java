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
   * @return the ids it took
   */
  OpIdSequence.Taken write(Connection connection, WriteSet writes, Function<RowKey, String> places)
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
      buffer.copy(
          connection, RowForms.COPY_OPERATIONS, out -> operations(out, writes.bucketWrites(), ids));
    }
    if (!writes.parameterWrites().isEmpty()) {
      buffer.copy(
          connection,
          RowForms.COPY_PARAMETERS,
          out -> parameters(out, writes.parameterWrites(), ids));
    }
    return taken;
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
      out.startRow(RowForms.OPERATION_FIELDS);
      RowForms.operation(
          out,
          table.stream(),
          write.row(),
          write.ref(),
          ids.next(),
          write.checksum(),
          write.json());
    }
  }

  private void parameters(BinaryCopyBuffer out, List<ParameterWrite> writes, OpIdBlock ids)
      throws SQLException {
    for (ParameterWrite write : writes) {
      out.startRow(RowForms.PARAMETER_FIELDS);
      RowForms.parameter(
          out, table.stream(), write.row(), write.lookup(), ids.next(), write.json());
    }
  }
}
