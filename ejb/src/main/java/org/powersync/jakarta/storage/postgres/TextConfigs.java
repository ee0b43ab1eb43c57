package org.powersync.jakarta.storage.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.OptionalInt;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.LoadResult;
import org.powersync.jakarta.syncconfig.SyncConfig;

/** Configs made from the stored plan, or loaded from the stored text where there is none. */
@ApplicationScoped
public class TextConfigs implements StreamConfigs {
  private static final String DEFAULT_SCHEMA = "public";

  /** From this storage version on, bucket names always carry the stream's number. */
  private static final int VERSIONED_NAMES = 2;

  @Override
  public DeployedSyncConfig deployed(ReplicationStream stream) {
    SyncConfig config =
        stream
            .syncPlan()
            .map(plan -> SyncConfig.ofStoredPlan(plan, DEFAULT_SCHEMA))
            .orElseGet(() -> loaded(stream));
    boolean versioned =
        stream.storageVersion() >= VERSIONED_NAMES || config.compatibility().versionedBucketIds();
    return config.deployed(
        versioned ? BucketNaming.versioned(stream.id().value()) : BucketNaming.UNVERSIONED);
  }

  private static SyncConfig loaded(ReplicationStream stream) {
    LoadResult loaded = SyncConfig.load(stream.content(), DEFAULT_SCHEMA);
    return loaded
        .config()
        .orElseThrow(
            () ->
                new PowerSyncException(
                        ErrorCode.PSYNC_R0001, "The stored sync config does not load")
                    .with("stream", stream.id())
                    .with("errors", loaded.fatal()));
  }

  @Override
  public Optional<String> syncPlan(String content) {
    return SyncConfig.load(content, DEFAULT_SCHEMA).config().flatMap(SyncConfig::storedPlan);
  }

  @Override
  public OptionalInt storageVersion(String content) {
    return SyncConfig.load(content, DEFAULT_SCHEMA)
        .config()
        .map(SyncConfig::storageVersion)
        .orElse(OptionalInt.empty());
  }
}
