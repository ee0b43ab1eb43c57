package org.powersync.jakarta.storage.postgres.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.postgres.format.Checksums;
import org.powersync.jakarta.storage.postgres.format.Lookups;
import org.powersync.jakarta.storage.postgres.format.ReplicaIds;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;

/**
 * What one transaction is going to write, in the order of generation; of current data only the last
 * state per row (storage section 5.4). For one thread.
 */
final class WriteSet {
  private static final int ROW_BYTES = 100;

  private final BatchLimits limits;
  private final boolean softDeletes;
  private final Checksums checksums = new Checksums();
  private final List<BucketWrite> bucketWrites = new ArrayList<>();
  private final List<ParameterWrite> parameterWrites = new ArrayList<>();
  private final Map<RowKey, CurrentRow> upserts = new HashMap<>();
  private final Set<RowKey> deletes = new HashSet<>();
  private int softDeleteCount;
  private long estimatedSize;

  /**
   * @param softDeletes whether deleted rows are kept until a checkpoint passes them
   */
  WriteSet(BatchLimits limits, boolean softDeletes) {
    this.limits = limits;
    this.softDeletes = softDeletes;
  }

  /** All that follows from a row's image: its PUTs, and what it provides. */
  void put(RowKey row, RowImage image) {
    image.puts().forEach(put -> put(row, put));
    image.lookups().forEach(rows -> provide(row, rows));
  }

  private void put(RowKey row, BucketPut put) {
    bucketWrites.add(new BucketWrite(row, put.ref(), put.json(), put.checksum()));
    estimatedSize +=
        put.ref().bucket().length() + put.json().length + hexLength(row.sourceKey()) + ROW_BYTES;
  }

  /** REMOVEs for these places; equal ones once, where the first stands. */
  void remove(RowKey row, List<BucketRef> places) {
    if (places.isEmpty()) {
      return;
    }
    long checksum = checksums.remove(ReplicaIds.subkey(row.tableId(), row.sourceKey()));
    for (BucketRef place : distinct(places)) {
      bucketWrites.add(new BucketWrite(row, place, null, checksum));
      estimatedSize += place.bucket().length() + hexLength(row.sourceKey()) + ROW_BYTES;
    }
  }

  private void provide(RowKey row, LookupRows rows) {
    parameterWrites.add(new ParameterWrite(row, rows.lookup(), rows.json()));
    estimatedSize +=
        hexLength(rows.lookup().bytes())
            + rows.json().length
            + hexLength(row.sourceKey())
            + ROW_BYTES;
  }

  /** Tombstones for these lookups; equal ones once, where the first stands. */
  void withdraw(RowKey row, List<LookupKey> lookups) {
    for (LookupKey lookup : distinct(lookups)) {
      parameterWrites.add(new ParameterWrite(row, lookup, ParameterWrite.TOMBSTONE));
      estimatedSize += hexLength(lookup.bytes()) + hexLength(row.sourceKey()) + ROW_BYTES;
    }
  }

  /** The row is now this. */
  void store(RowKey row, CurrentRow state) {
    deletes.remove(row);
    CurrentRow previous = upserts.put(row, state);
    if (previous != null && !previous.live()) {
      softDeleteCount--;
    }
    estimatedSize += state.copy().length + row.sourceKey().length + state.buckets().size();
    for (LookupKey lookup : state.lookups()) {
      estimatedSize += lookup.bytes().length;
    }
    estimatedSize += ROW_BYTES;
  }

  /** The row is gone, for good or until a checkpoint passes, as the storage version has it. */
  void delete(RowKey row) {
    if (softDeletes) {
      store(row, CurrentRow.DELETED);
      softDeleteCount++;
    } else {
      deleteHard(row);
    }
  }

  /** The row is gone without a trace. */
  void deleteHard(RowKey row) {
    CurrentRow previous = upserts.remove(row);
    if (previous != null && !previous.live()) {
      softDeleteCount--;
    }
    deletes.add(row);
    estimatedSize += row.sourceKey().length + ROW_BYTES;
  }

  /** Whether the transaction ends here. */
  boolean full() {
    int most =
        Math.max(
            Math.max(bucketWrites.size(), parameterWrites.size()),
            Math.max(upserts.size(), deletes.size()));
    return estimatedSize >= limits.maxEstimatedSize() || most >= limits.maxRecordCount();
  }

  boolean isEmpty() {
    return bucketWrites.isEmpty()
        && parameterWrites.isEmpty()
        && upserts.isEmpty()
        && deletes.isEmpty();
  }

  /** How many operation ids the set takes. */
  int operationCount() {
    return softDeleteCount + bucketWrites.size() + parameterWrites.size();
  }

  List<BucketWrite> bucketWrites() {
    return bucketWrites;
  }

  List<ParameterWrite> parameterWrites() {
    return parameterWrites;
  }

  /**
   * The operations as readers will see them, by bucket.
   *
   * @param last of the neighbouring ids that the set took: parameter rows have the last ones,
   *     before them are those of the operations
   */
  Map<BucketName, List<BucketOperation>> operations(long last) {
    Map<BucketName, List<BucketOperation>> operations = new HashMap<>();
    long id = last - parameterWrites.size() - bucketWrites.size();
    for (BucketWrite write : bucketWrites) {
      operations
          .computeIfAbsent(new BucketName(write.ref().bucket()), bucket -> new ArrayList<>())
          .add(write.operation(++id));
    }
    return operations;
  }

  /** Lookups that get rows. */
  Set<ParameterLookup> lookups() {
    Set<ParameterLookup> lookups = new HashSet<>();
    parameterWrites.forEach(write -> lookups.add(Lookups.read(write.lookup().bytes())));
    return lookups;
  }

  /** Rows to store, in key order. */
  List<Map.Entry<RowKey, CurrentRow>> upserts() {
    return upserts.entrySet().stream().sorted(Map.Entry.comparingByKey(RowKey.ORDER)).toList();
  }

  /** Rows to delete, in key order. */
  List<RowKey> deletes() {
    return deletes.stream().sorted(RowKey.ORDER).toList();
  }

  private static int hexLength(byte[] bytes) {
    return bytes.length * 2;
  }

  private static <T> Iterable<T> distinct(List<T> list) {
    return list.size() < 2 ? list : new LinkedHashSet<>(list);
  }
}
