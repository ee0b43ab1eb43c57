package org.powersync.jakarta.storage.postgres.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.format.Checksums;
import org.powersync.jakarta.storage.postgres.format.Lookups;
import org.powersync.jakarta.storage.postgres.format.ParameterRowsText;
import org.powersync.jakarta.storage.postgres.format.StoredRow;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.Evaluated;
import org.powersync.jakarta.syncconfig.ParameterEntry;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.RowBson;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Makes the image of a row with a stream's sync config (storage section 5.7, steps 3 and 5). Safe
 * for all threads.
 */
final class RowEvaluator {
  private final DeployedSyncConfig config;
  private final RowReports reports;
  private final Map<TableName, TableEvaluator> evaluators = new ConcurrentHashMap<>();

  RowEvaluator(DeployedSyncConfig config, RowReports reports) {
    this.config = config;
    this.reports = reports;
  }

  /**
   * The image of a change's row.
   *
   * @param row as it came, or merged with the stored copy
   * @param checksums the calling thread's own
   */
  RowImage image(QueuedChange change, SourceRow row, Checksums checksums) {
    byte[] copy = RowImage.NO_COPY;
    if (change.keepsCopy()) {
      copy = RowBson.document(row);
      if (copy.length > StoredRow.MAX_BYTES) {
        reports.tooLarge(change.table(), change.afterKey(), copy.length, StoredRow.MAX_BYTES);
        return RowImage.tooLarge();
      }
      if (!row.complete()) {
        return RowImage.incomplete(copy);
      }
    }
    return evaluate(change, row, copy, checksums);
  }

  private RowImage evaluate(QueuedChange change, SourceRow row, byte[] copy, Checksums checksums) {
    SourceTable table = change.table();
    TableEvaluator evaluator = evaluators.computeIfAbsent(table.table(), config::evaluator);
    Evaluated<BucketRow> data = table.syncsData() ? evaluator.data(row) : Evaluated.nothing();
    Evaluated<ParameterEntry> parameters =
        table.syncsParameters() ? evaluator.parameters(row) : Evaluated.nothing();
    reports.failed(table, change.afterKey(), data.errors());
    reports.failed(table, change.afterKey(), parameters.errors());
    List<BucketPut> puts = puts(data.results(), checksums);
    List<LookupRows> lookups = lookups(parameters.results());
    return new RowImage(
        RowImage.Completeness.COMPLETE,
        puts,
        puts.stream().map(BucketPut::ref).toList(),
        lookups,
        lookups.stream().map(LookupRows::lookup).toList(),
        copy);
  }

  private static List<BucketPut> puts(List<BucketRow> rows, Checksums checksums) {
    List<BucketPut> puts = new ArrayList<>(rows.size());
    BucketRow hashed = null;
    long checksum = 0;
    for (BucketRow row : rows) {
      byte[] json = row.data().json();
      // The checksum does not depend on the bucket; many buckets share one row.
      if (hashed == null
          || hashed.data() != row.data()
          || !hashed.id().equals(row.id())
          || !hashed.table().equals(row.table())) {
        checksum = checksums.put(row.table(), row.id(), json);
        hashed = row;
      }
      BucketRef ref = new BucketRef(row.bucket().value(), row.table(), row.id());
      puts.add(new BucketPut(ref, json, checksum));
    }
    return puts;
  }

  private static List<LookupRows> lookups(List<ParameterEntry> entries) {
    List<LookupRows> lookups = new ArrayList<>(entries.size());
    for (ParameterEntry entry : entries) {
      lookups.add(
          new LookupRows(
              new LookupKey(Lookups.bytes(entry.lookup())), ParameterRowsText.write(entry.rows())));
    }
    return lookups;
  }
}
