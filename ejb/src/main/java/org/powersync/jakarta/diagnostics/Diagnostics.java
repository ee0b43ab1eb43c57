package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.SourceInspection.ConnectionStatus;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.StreamStatus;

/**
 * Answers what operators ask about source and sync configs (sync API section 2.5). Each call asks
 * the source and storage anew. Safe for all threads.
 */
@ApplicationScoped
public class Diagnostics {
  private final BucketStorageProvider storage;
  private final ConfiguredSource source;
  private final RowFailures failures;

  /** For the container's proxy only. */
  protected Diagnostics() {
    this(null, null, null);
  }

  @Inject
  public Diagnostics(BucketStorageProvider storage, ConfiguredSource source, RowFailures failures) {
    this.storage = storage;
    this.source = source;
    this.failures = failures;
  }

  /**
   * The whole picture.
   *
   * @param source empty when none is configured; then there is nothing else
   */
  public record Report(
      Optional<Source> source, Optional<ConfigStatus> active, Optional<ConfigStatus> deploying) {}

  /** The source connection. */
  public record Source(String id, String uri, ConnectionStatus status) {}

  /** Looks at everything. */
  public Report report() {
    Optional<SourceInspection> inspection = source.get();
    if (inspection.isEmpty()) {
      return new Report(Optional.empty(), Optional.empty(), Optional.empty());
    }
    SourceInspection found = inspection.get();
    ConnectionStatus connection = found.status();
    Source described = new Source(found.id(), found.uri(), connection);
    return new Report(
        Optional.of(described),
        storage.active().flatMap(stream -> status(found, stream, true, connection.connected())),
        storage
            .deploying()
            .flatMap(stream -> status(found, stream, false, connection.connected())));
  }

  private Optional<ConfigStatus> status(
      SourceInspection inspection, ReplicationStream stream, boolean active, boolean connected) {
    Optional<StreamStatus> status = storage.status(stream.id());
    return status.map(
        known ->
            new ConfigInspection(inspection, stream.content(), Instant.now())
                .deployed(stream, known, active, connected, failures.of(stream.id())));
  }

  /** Looks at a config without deploying it; an invalid text is a finding. */
  public ConfigStatus validate(String text) {
    Optional<SourceInspection> inspection = source.get();
    if (inspection.isEmpty()) {
      return new ConfigStatus(
          Optional.empty(),
          List.of(),
          List.of(Finding.of(new Issue(Level.FATAL, ConfiguredSource.MISSING))));
    }
    ConnectionStatus connection = inspection.get().status();
    ConfigInspection check = new ConfigInspection(inspection.get(), text, Instant.now());
    if (!connection.connected()) {
      connection.errors().forEach(check::note);
    }
    return check.proposed(connection.connected());
  }
}
