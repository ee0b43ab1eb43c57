package org.powersync.jakarta.config;

import java.time.Duration;
import java.util.OptionalInt;
import org.powersync.jakarta.connection.ConnectionSettings;

/**
 * The PostgreSQL that is replicated (configuration section 4).
 *
 * @param id shown in diagnostics
 * @param tag name of the connection in sync configs
 * @param slotNamePrefix of replication slots and streams
 * @param maxPoolSize limit of connections, if the configuration sets one (decision A27)
 * @param snapshotWorkers threads that store what is copied of tables, if the configuration says so
 * @param snapshotSocketTimeout silence after which a snapshot's connection is given up
 * @param heartbeatInterval how often an idle source is pinged
 * @param debugApi whether the admin API may run SQL on the source
 */
public record SourceConnection(
    String id,
    String tag,
    ConnectionSettings connection,
    String slotNamePrefix,
    OptionalInt maxPoolSize,
    OptionalInt snapshotWorkers,
    Duration snapshotSocketTimeout,
    Duration heartbeatInterval,
    boolean debugApi) {
  public static final String DEFAULT_SLOT_NAME_PREFIX = "powersync_";
  public static final Duration DEFAULT_SNAPSHOT_SOCKET_TIMEOUT = Duration.ofSeconds(30);
  public static final Duration DEFAULT_HEARTBEAT_INTERVAL = Duration.ofSeconds(60);
}
