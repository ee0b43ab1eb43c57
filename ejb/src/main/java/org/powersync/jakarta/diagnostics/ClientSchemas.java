package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.schema.ClientLanguage;
import org.powersync.jakarta.syncconfig.schema.ClientSchema;

/**
 * The tables that clients of a sync config need, in the language of their SDK, with the types that
 * the source has now (sync config section 15). Methods throw PSYNC_S2001 when no source connection
 * is configured. Safe for all threads.
 */
@ApplicationScoped
public class ClientSchemas {
  private final BucketStorageProvider storage;
  private final ConfiguredSource source;

  /** For the container's proxy only. */
  protected ClientSchemas() {
    this(null, null);
  }

  @Inject
  public ClientSchemas(BucketStorageProvider storage, ConfiguredSource source) {
    this.storage = storage;
    this.source = source;
  }

  /** Of the config that serves; throws PSYNC_S4104 when there is none. */
  public String active(ClientLanguage language) {
    return stored(storage.active(), "No sync config is active", language);
  }

  /** Of the config that is being deployed; throws PSYNC_S4104 when there is none. */
  public String deploying(ClientLanguage language) {
    return stored(storage.deploying(), "No sync config is being deployed", language);
  }

  /** Of a config that need not be stored; throws PSYNC_R0001 with details when it is not valid. */
  public String of(String text, ClientLanguage language) {
    return write(ConfigDeployments.valid(text, source.defaultSchema()), language);
  }

  private String stored(Optional<ReplicationStream> stream, String none, ClientLanguage language) {
    ReplicationStream found =
        stream.orElseThrow(() -> new PowerSyncException(ErrorCode.PSYNC_S4104, none));
    return write(storage.storage(found).syncConfig().config(), language);
  }

  private String write(SyncConfig config, ClientLanguage language) {
    SourceInspection inspection = source.require();
    return language.write(ClientSchema.of(config, SourceTables.schema(inspection)));
  }
}
