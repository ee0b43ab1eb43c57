package org.powersync.jakarta.storage.postgres;

import java.util.Optional;
import java.util.OptionalInt;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;

/** Reads the sync configs that streams are made of. Safe for all threads. */
public interface StreamConfigs {
  /**
   * The config of a stream with its bucket names. Throws PSYNC_R0001 when the stored text does not
   * load.
   */
  DeployedSyncConfig deployed(ReplicationStream stream);

  /** The storage version a text asks for; empty also for a text that does not load. */
  OptionalInt storageVersion(String content);

  /**
   * The compiled plan of a text as JSON, to be stored with it; empty when it has none or does not
   * load.
   */
  Optional<String> syncPlan(String content);
}
