package org.powersync.jakarta.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.powersync.jakarta.connection.ConnectionSettings;
import org.powersync.jakarta.connection.document.ConfigurationSection;
import org.powersync.jakarta.error.ErrorCode;

/** Reads {@code replication.connections} and {@code storage} (configuration sections 4 and 5). */
final class ConnectionsReader {
  private static final String POSTGRESQL = "postgresql";
  private static final int MIN_HEARTBEAT_SECONDS = 5;
  private static final int MAX_HEARTBEAT_SECONDS = 60;
  private static final List<Integer> STORAGE_VERSIONS = List.of(2, 3);

  private final ConfigurationSection root;

  ConnectionsReader(ConfigurationSection root) {
    this.root = root;
  }

  /** The source; empty if there is none, or after noting what is wrong with it. */
  Optional<SourceConnection> source() {
    Optional<ConfigurationSection> replication = root.section("replication");
    if (replication.isEmpty()) {
      return Optional.empty();
    }
    List<ConfigurationSection> connections = replication.get().sections("connections");
    if (connections.size() > 1) {
      replication.get().error("connections", "only a single source is supported; keep one entry");
    }
    return connections.stream().map(ConnectionsReader::source).toList().stream()
        .findFirst()
        .flatMap(first -> first);
  }

  private static Optional<SourceConnection> source(ConfigurationSection section) {
    if (!isPostgres(section, "a source")) {
      return Optional.empty();
    }
    Optional<ConnectionSettings> connection = ConnectionSettings.read(section);
    SourceConnection settings =
        new SourceConnection(
            section.text("id").orElse("default"),
            section.text("tag").orElse("default"),
            connection.orElse(null),
            slotNamePrefix(section),
            positive(section, "max_pool_size"),
            positive(section, "snapshot_workers"),
            snapshotSocketTimeout(section),
            heartbeat(section),
            section.flag("debug_api", false));
    return connection.map(c -> settings);
  }

  private static OptionalInt positive(ConfigurationSection section, String key) {
    return section.has(key) ? OptionalInt.of(section.integer(key, 1, 1)) : OptionalInt.empty();
  }

  private static boolean isPostgres(ConfigurationSection section, String what) {
    Optional<String> type = section.text("type");
    if (type.isPresent() && type.get().equals(POSTGRESQL)) {
      return true;
    }
    // The other keys belong to another product; naming them would only hide the one that counts.
    section.entries();
    section.error(
        "type",
        type.map(t -> "invalid type " + t + "; " + what + " must be of type " + POSTGRESQL)
            .orElse("is required and must be " + POSTGRESQL));
    return false;
  }

  private static String slotNamePrefix(ConfigurationSection section) {
    String prefix =
        section.text("slot_name_prefix").orElse(SourceConnection.DEFAULT_SLOT_NAME_PREFIX);
    if (!prefix.matches("[a-z0-9_]*")) {
      section.error("slot_name_prefix", "may hold lower case letters, digits and _ only");
    }
    return prefix;
  }

  private static Duration snapshotSocketTimeout(ConfigurationSection section) {
    OptionalDouble seconds = section.number("snapshot_socket_timeout");
    return seconds.isPresent() && seconds.getAsDouble() > 0 && seconds.getAsDouble() < 1e6
        ? millis(seconds.getAsDouble())
        : SourceConnection.DEFAULT_SNAPSHOT_SOCKET_TIMEOUT;
  }

  private static Duration heartbeat(ConfigurationSection section) {
    OptionalDouble seconds = section.number("heartbeat_interval_seconds");
    if (seconds.isEmpty()) {
      return SourceConnection.DEFAULT_HEARTBEAT_INTERVAL;
    }
    double value = seconds.getAsDouble();
    if (!(value >= MIN_HEARTBEAT_SECONDS && value <= MAX_HEARTBEAT_SECONDS)) {
      section.error(
          ErrorCode.PSYNC_S1109,
          "heartbeat_interval_seconds",
          "must be from " + MIN_HEARTBEAT_SECONDS + " to " + MAX_HEARTBEAT_SECONDS);
      return SourceConnection.DEFAULT_HEARTBEAT_INTERVAL;
    }
    return millis(value);
  }

  private static Duration millis(double seconds) {
    return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
  }

  /** The storage; empty after noting what is wrong with it. */
  Optional<StorageSettings> storage() {
    Optional<ConfigurationSection> section = root.section("storage");
    if (section.isEmpty()) {
      if (!root.has("storage")) {
        root.error("storage", "is required");
      }
      return Optional.empty();
    }
    return isPostgres(section.get(), "the storage") ? storage(section.get()) : Optional.empty();
  }

  private static Optional<StorageSettings> storage(ConfigurationSection section) {
    // Accepted by the schema of the reference, without effect on PostgreSQL storage.
    section.ignore("parameters", "id", "tag", "debug_api");
    Optional<ConnectionSettings> connection = ConnectionSettings.read(section);
    StorageSettings.BatchLimits defaults = StorageSettings.BatchLimits.DEFAULT;
    ConfigurationSection limits = section.sectionOrEmpty("batch_limits");
    StorageSettings.BatchLimits batchLimits =
        new StorageSettings.BatchLimits(
            limits.integer("max_estimated_size", 1, defaults.maxEstimatedSize()),
            limits.integer("max_record_count", 1, defaults.maxRecordCount()),
            limits.integer("max_current_data_batch_size", 1, defaults.maxCurrentDataBatchSize()));
    int maxPoolSize = section.integer("max_pool_size", 1, StorageSettings.DEFAULT_MAX_POOL_SIZE);
    int version = storageVersion(section);
    String prefix = slotNamePrefix(section);
    return connection.map(c -> new StorageSettings(c, prefix, maxPoolSize, version, batchLimits));
  }

  private static int storageVersion(ConfigurationSection section) {
    OptionalDouble version = section.number("default_storage_version");
    if (version.isEmpty()) {
      return StorageSettings.DEFAULT_STORAGE_VERSION;
    }
    double value = version.getAsDouble();
    if (value != (int) value || !STORAGE_VERSIONS.contains((int) value)) {
      String text = section.textOrNumber("default_storage_version").orElse("");
      section.error(
          ErrorCode.PSYNC_S1005,
          "default_storage_version",
          "Storage version " + text + " is not supported; use 2 or 3");
      return StorageSettings.DEFAULT_STORAGE_VERSION;
    }
    return (int) value;
  }
}
