package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.RequestExplanation;
import org.powersync.jakarta.syncconfig.RowExplanation;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Explains the active sync config to operators: where a row goes, what a request gets, and why.
 * Methods throw PSYNC_S4104 when no config is active. Safe for all threads.
 */
@ApplicationScoped
public class ActiveConfig {
  private static final int MAX_LOOKUP_ROWS = 10_000;

  private final BucketStorageProvider storage;

  /** For the container's proxy only. */
  protected ActiveConfig() {
    this(null);
  }

  @Inject
  public ActiveConfig(BucketStorageProvider storage) {
    this.storage = storage;
  }

  /** Where a row goes. */
  public List<RowExplanation> row(TableName table, SourceRow row) {
    return active().syncConfig().explain(table, row);
  }

  /**
   * What a request gets at the newest checkpoint.
   *
   * @throws PowerSyncException PSYNC_S2305 when lookups give very many rows
   */
  public List<RequestExplanation> request(SyncRequest request) {
    BucketStorage active = active();
    BucketReader reader = active.reader();
    OpId checkpoint = reader.checkpoint().opId();
    return active
        .syncConfig()
        .explain(request, lookups -> reader.lookups(checkpoint, lookups, MAX_LOOKUP_ROWS));
  }

  private BucketStorage active() {
    return storage
        .active()
        .map(storage::storage)
        .orElseThrow(
            () -> new PowerSyncException(ErrorCode.PSYNC_S4104, "No sync config is active"));
  }
}
