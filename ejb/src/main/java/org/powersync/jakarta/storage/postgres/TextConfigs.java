package org.powersync.jakarta.storage.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalInt;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.LoadResult;
import org.powersync.jakarta.syncconfig.SyncConfig;

/** Configs loaded from the stored text. */
@ApplicationScoped
public class TextConfigs implements StreamConfigs {
  private static final String DEFAULT_SCHEMA = "public";

  /** From this storage version on, bucket names always carry the stream's number. */
  private static final int VERSIONED_NAMES = 2;

  @Override
  public DeployedSyncConfig deployed(ReplicationStream stream) {
    LoadResult loaded = SyncConfig.load(stream.content(), DEFAULT_SCHEMA);
    SyncConfig config =
        loaded
            .config()
            .orElseThrow(
                () ->
                    new PowerSyncException(
                            ErrorCode.PSYNC_R0001, "The stored sync config does not load")
                        .with("stream", stream.id())
                        .with("errors", loaded.fatal()));
    boolean versioned =
        stream.storageVersion() >= VERSIONED_NAMES || config.compatibility().versionedBucketIds();
    return config.deployed(
        versioned ? BucketNaming.versioned(stream.id().value()) : BucketNaming.UNVERSIONED);
  }

  @Override
  public OptionalInt storageVersion(String content) {
    return SyncConfig.load(content, DEFAULT_SCHEMA)
        .config()
        .map(SyncConfig::storageVersion)
        .orElse(OptionalInt.empty());
  }
}
