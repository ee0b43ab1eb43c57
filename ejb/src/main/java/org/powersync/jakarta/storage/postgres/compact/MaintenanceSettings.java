package org.powersync.jakarta.storage.postgres.compact;

import java.time.Duration;
import java.util.Optional;

/**
 * What the service does for its storage by itself.
 *
 * @param enabled whether this process does: only those that replicate
 * @param window when compaction may run; absent = only when somebody asks for it
 * @param requestRetention age at which client-requested write checkpoints are removed
 */
public record MaintenanceSettings(
    boolean enabled, Optional<CompactionWindow> window, Duration requestRetention) {
  /** Nothing by itself. */
  public static final MaintenanceSettings OFF =
      new MaintenanceSettings(false, Optional.empty(), Duration.ofHours(1));
}
