package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.BucketStorage;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.RequestExplanation;
import org.powersync.jakarta.syncconfig.RowExplanation;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.schema.ClientLanguage;
import org.powersync.jakarta.syncconfig.schema.ClientSchema;
import org.powersync.jakarta.syncconfig.value.JsonValues;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/**
 * Explains the active sync config to operators: what clients need for it, where a row goes, what a
 * request gets, and why. Methods throw PSYNC_S4104 when no config is active. Safe for all threads.
 */
@ApplicationScoped
public class ActiveConfig {
  private static final int MAX_LOOKUP_ROWS = 10_000;

  private final BucketStorageProvider storage;
  private final ConfiguredSource source;

  /** For the container's proxy only. */
  protected ActiveConfig() {
    this(null, null);
  }

  @Inject
  public ActiveConfig(BucketStorageProvider storage, ConfiguredSource source) {
    this.storage = storage;
    this.source = source;
  }

  /**
   * The tables that clients need, in the language of their SDK (sync config section 15).
   *
   * @throws PowerSyncException PSYNC_S2001 when no source connection is configured
   */
  public String clientSchema(ClientLanguage language) {
    SyncConfig config = active().syncConfig().config();
    SourceInspection inspection =
        source
            .get()
            .orElseThrow(
                () -> new PowerSyncException(ErrorCode.PSYNC_S2001, ConfiguredSource.MISSING));
    return language.write(ClientSchema.of(config, SourceTables.schema(inspection)));
  }

  /**
   * Where a row goes.
   *
   * @param row columns as JSON values; numbers that are integral become INTEGER
   */
  public List<RowExplanation> row(TableName table, Map<String, Object> row) {
    return active()
        .syncConfig()
        .explain(
            table,
            SourceRow.of(
                List.copyOf(row.keySet()),
                row.values().stream().map(JsonValues::toRowValue).toList()));
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
