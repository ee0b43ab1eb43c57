package org.powersync.jakarta.replication;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the replicator takes from the configuration.
 *
 * @param syncConfig reads the configured sync config, once; gives nothing when only others deploy
 * @param rejectInvalid {@code sync_config.exit_on_error}
 * @param defaultSchema schema of unqualified table names
 * @param heartbeat interval between heartbeats, 5 to 60 s
 */
public record ReplicatorOptions(
    Supplier<Optional<String>> syncConfig,
    boolean rejectInvalid,
    String defaultSchema,
    Duration heartbeat) {}
