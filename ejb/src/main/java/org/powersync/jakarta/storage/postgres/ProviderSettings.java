package org.powersync.jakarta.storage.postgres;

import java.util.Objects;

/**
 * What the provider needs of the configuration.
 *
 * @param defaultStorageVersion for deployments whose sync config names none
 * @param slotNamePrefix beginning of stream names, such as {@code powersync_}
 * @param autoMigration whether the schema is migrated at start
 */
public record ProviderSettings(
    int defaultStorageVersion, String slotNamePrefix, boolean autoMigration) {
  public static final ProviderSettings DEFAULT = new ProviderSettings(2, "powersync_", true);

  public ProviderSettings {
    Objects.requireNonNull(slotNamePrefix);
  }
}
