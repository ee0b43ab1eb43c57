package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.ConfigurationResult;
import org.powersync.jakarta.config.ServiceConfiguration;
import org.powersync.jakarta.connection.ProductVersion;
import org.powersync.jakarta.diagnostics.ServiceStatus.Part;
import org.powersync.jakarta.diagnostics.ServiceStatus.Stream;
import org.powersync.jakarta.replication.ReplicationEngine;
import org.powersync.jakarta.replication.ReplicationStatus;
import org.powersync.jakarta.storage.BucketSizes;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.BucketStorageProvider.StorageMetrics;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.HealthContributor;

/**
 * Collects the status of this process and of its storage. Safe for all threads. Answers from memory
 * except every few seconds; a storage that does not answer leaves its figures out.
 */
@ApplicationScoped
public class StatusReport {
  private static final Logger LOG = Logger.getLogger(StatusReport.class.getName());
  private static final Duration STREAMS_LIFETIME = Duration.ofSeconds(2);
  private static final Duration SIZES_LIFETIME = Duration.ofSeconds(15);
  private static final int LARGEST_BUCKETS = 20;

  @Inject private ServiceConfiguration configuration;
  @Inject private BucketStorageProvider storage;
  @Inject private BucketSizes bucketSizes;
  @Inject private ReplicationEngine replication;
  @Inject private RowFailures failures;
  @Inject private Counters counters;
  @Inject @Any private Instance<HealthContributor> contributors;

  private final Remembered<List<StoredStream>> streams =
      new Remembered<>(() -> tried(this::readStreams).orElse(List.of()), STREAMS_LIFETIME);
  private final Remembered<Optional<StorageMetrics>> metrics =
      new Remembered<>(() -> tried(() -> storage.metrics()), SIZES_LIFETIME);
  private final Remembered<Optional<BucketSizes.Largest>> largest =
      new Remembered<>(() -> tried(this::readSizes).flatMap(sizes -> sizes), SIZES_LIFETIME);

  private record StoredStream(ReplicationStream stream, Optional<StreamStatus> status) {}

  /** The status now; never throws because a part is down. */
  public ServiceStatus status() {
    return new ServiceStatus(
        ProductVersion.text(),
        configuration.result() instanceof ConfigurationResult.Loaded loaded
            ? loaded.configuration().runnerType().text()
            : "not configured",
        Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
        health(),
        counters.openStreams(),
        counters.values(),
        metrics.get(),
        withReplication(streams.get(), replication.status().streams()),
        largest.get());
  }

  private List<Part> health() {
    List<Part> parts = new ArrayList<>();
    for (HealthContributor contributor : contributors) {
      parts.add(new Part(contributor.name(), contributor.health()));
    }
    parts.sort(Comparator.comparing(Part::name));
    return parts;
  }

  private List<Stream> withReplication(
      List<StoredStream> stored, List<ReplicationStatus.Stream> here) {
    List<Stream> streams = new ArrayList<>();
    for (StoredStream stream : stored) {
      Optional<ReplicationStatus.Stream> job =
          here.stream().filter(s -> s.id() == stream.stream.id().value()).findFirst();
      streams.add(new Stream(stream.stream, stream.status, job, failures.of(stream.stream.id())));
    }
    return streams;
  }

  private List<StoredStream> readStreams() {
    List<ReplicationStream> all = new ArrayList<>(storage.replicating());
    storage.active().filter(active -> !contains(all, active)).ifPresent(all::add);
    all.sort(Comparator.comparing(ReplicationStream::id));
    return all.stream().map(s -> new StoredStream(s, storage.status(s.id()))).toList();
  }

  private static boolean contains(List<ReplicationStream> all, ReplicationStream stream) {
    return all.stream().anyMatch(other -> other.id().equals(stream.id()));
  }

  private Optional<BucketSizes.Largest> readSizes() {
    return storage.active().map(active -> bucketSizes.largest(active.id(), LARGEST_BUCKETS));
  }

  /** What cannot be read now is left out; health says that storage is down. */
  private static <T> Optional<T> tried(Supplier<T> read) {
    try {
      return Optional.ofNullable(read.get());
    } catch (RuntimeException e) {
      LOG.log(Level.FINE, e, () -> "Storage cannot be read for the status page");
      return Optional.empty();
    }
  }
}
