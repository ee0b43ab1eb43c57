package org.powersync.jakarta.storage.postgres;

import java.util.OptionalInt;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** The format numbers of streams (storage section 1.1). */
final class StorageVersions {
  static final int SOFT_DELETES = 3;

  private static final int OLDEST = 1;
  private static final int NEWEST = 3;

  private StorageVersions() {}

  /** Throws PSYNC_S1005 unless this version can be read and written. */
  static int supported(int version) {
    if (version < OLDEST || version > NEWEST) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1005, "Unsupported storage version; use 1, 2 or 3")
          .with("version", version);
    }
    return version;
  }

  /** The first of: an explicit one, the config's own, the configured default. */
  static int choose(OptionalInt explicit, OptionalInt ofConfig, int byDefault) {
    return supported(explicit.orElse(ofConfig.orElse(byDefault)));
  }
}
