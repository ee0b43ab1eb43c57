package org.powersync.jakarta.diagnostics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.replication.ReplicationStatus;
import org.powersync.jakarta.storage.BucketSizes;
import org.powersync.jakarta.storage.BucketStorageProvider.StorageMetrics;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.telemetry.HealthReport;

/**
 * How the service is at one moment. Immutable.
 *
 * @param runner what this process does
 * @param health of the parts, by name
 * @param counters by metric name
 * @param storage empty while it cannot be read
 * @param buckets of the active sync config; empty without one, or while they cannot be read
 */
public record ServiceStatus(
    String version,
    String runner,
    Duration uptime,
    List<Part> health,
    long openStreams,
    Map<String, Long> counters,
    Optional<StorageMetrics> storage,
    List<Stream> streams,
    Optional<BucketSizes.Largest> buckets) {
  public ServiceStatus {
    health = List.copyOf(health);
    counters = Map.copyOf(counters);
    streams = List.copyOf(streams);
  }

  /** A part of the product. */
  public record Part(String name, HealthReport report) {}

  /**
   * A replication stream.
   *
   * @param stored as storage knows it
   * @param status its progress in storage; empty if it went away meanwhile
   * @param here what this process does for it; empty if another one replicates
   * @param failures rows that this process could not sync fully
   */
  public record Stream(
      ReplicationStream stored,
      Optional<StreamStatus> status,
      Optional<ReplicationStatus.Stream> here,
      List<RowFailures.Count> failures) {
    public Stream {
      failures = List.copyOf(failures);
    }
  }
}
