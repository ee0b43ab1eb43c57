package org.powersync.jakarta.storage.postgres.write;

import org.powersync.jakarta.storage.GroupId;

/** The rows of the storage tables in binary form, in the order of the columns of each COPY. */
final class RowForms {
  static final String COPY_OPERATIONS =
      """
      COPY powersync.bucket_data (group_id, bucket_name, op_id, op, source_table, source_key, \
      table_name, row_id, checksum, data, target_op) FROM STDIN (FORMAT binary)\
      """;
  static final int OPERATION_FIELDS = 11;
  static final String COPY_PARAMETERS =
      """
      COPY powersync.bucket_parameters (id, group_id, source_table, source_key, lookup, \
      bucket_parameters) FROM STDIN (FORMAT binary)\
      """;
  static final int PARAMETER_FIELDS = 6;

  private RowForms() {}

  /** COPY of current rows, in the table that a storage version has for them. */
  static String copyCurrent(CurrentDataTable table) {
    return "COPY %s (group_id, source_table, source_key, buckets, data, lookups%s)"
            .formatted(table.name(), table.softDeletes() ? ", pending_delete" : "")
        + " FROM STDIN (FORMAT binary)";
  }

  static int currentFields(CurrentDataTable table) {
    return table.softDeletes() ? 7 : 6;
  }

  /**
   * Appends the fields of an operation.
   *
   * @param json null for a REMOVE
   * @return where the eight bytes of its id are
   */
  static int operation(
      BinaryRows out,
      GroupId stream,
      RowKey row,
      BucketRef ref,
      long id,
      long checksum,
      byte[] json) {
    out.int4Field(stream.value());
    out.textField(ref.bucket());
    out.int8Field(id);
    int idAt = out.size() - Long.BYTES;
    out.textField(json != null ? "PUT" : "REMOVE");
    out.textField(row.tableId());
    out.bytesField(row.sourceKey());
    out.textField(ref.table());
    out.textField(ref.id());
    out.int8Field(checksum);
    if (json != null) {
      out.bytesField(json);
    } else {
      out.nullField();
    }
    out.nullField();
    return idAt;
  }

  /**
   * Appends the fields of a parameter row.
   *
   * @return where the eight bytes of its id are
   */
  static int parameter(
      BinaryRows out, GroupId stream, RowKey row, LookupKey lookup, long id, byte[] json) {
    out.int8Field(id);
    int idAt = out.size() - Long.BYTES;
    out.int4Field(stream.value());
    out.textField(row.tableId());
    out.bytesField(row.sourceKey());
    out.bytesField(lookup.bytes());
    out.bytesField(json);
    return idAt;
  }

  /**
   * Appends the fields of a current row.
   *
   * @param pendingDelete the operation of a soft delete; null for a live row
   */
  static void current(
      BinaryRows out, CurrentDataTable table, RowKey key, CurrentRow row, Long pendingDelete) {
    out.int4Field(table.stream().value());
    out.textField(key.tableId());
    out.bytesField(key.sourceKey());
    out.jsonbField(StoredBuckets.write(row.buckets()));
    out.bytesField(row.copy());
    out.bytesArrayField(row.lookups());
    if (table.softDeletes()) {
      if (pendingDelete == null) {
        out.nullField();
      } else {
        out.int8Field(pendingDelete);
      }
    }
  }
}
