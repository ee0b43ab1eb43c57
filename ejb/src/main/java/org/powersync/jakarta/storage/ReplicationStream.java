package org.powersync.jakarta.storage;

import java.util.Optional;

/**
 * A deployed sync config as stored, at the moment it was read.
 *
 * @param id its number
 * @param name also the name of the replication slot
 * @param state at the moment of reading
 * @param storageVersion 1, 2 or 3
 * @param content the sync config, verbatim
 * @param syncPlan the compiled plan as JSON text; empty for bucket definitions
 */
public record ReplicationStream(
    GroupId id,
    String name,
    StreamState state,
    int storageVersion,
    String content,
    Optional<String> syncPlan) {}
