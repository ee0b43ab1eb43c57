package org.powersync.jakarta.replication.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.ReplicationAttempt;
import org.powersync.jakarta.replication.ReplicationSource;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.StopSignal;
import org.powersync.jakarta.replication.postgres.inspect.Preflight;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.FailureJudge;
import org.powersync.jakarta.replication.postgres.server.PostgresAttempt;
import org.powersync.jakarta.replication.postgres.server.ReplicationSlot;
import org.powersync.jakarta.replication.postgres.server.ReplicationSlots;
import org.powersync.jakarta.replication.postgres.server.ShortQueries;
import org.powersync.jakarta.replication.postgres.server.SlotDecision;
import org.powersync.jakarta.replication.postgres.server.SlotWatch;
import org.powersync.jakarta.replication.postgres.server.SourceChecks;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;
import org.powersync.jakarta.replication.postgres.server.SourceOptions;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.replication.postgres.snapshot.InitialSnapshot;
import org.powersync.jakarta.replication.postgres.stream.WalStream;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamStatus;

/**
 * A PostgreSQL database as a source: logical replication with {@code pgoutput}, publication {@code
 * powersync}, one slot per stream (replication sections 1.4 to 1.7). Safe for all threads.
 */
public final class PostgresSource implements ReplicationSource {
  private static final Logger LOG = Logger.getLogger(PostgresSource.class.getName());

  /** For short statements of one attempt (1.4). */
  private static final int ATTEMPT_CONNECTIONS = 2;

  private static final int SAME_SERVER_SINCE = 140000;
  private static final Duration MAKING_ENDS_WITHIN = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final String OBJECT_IN_USE = "55006";

  private final SourceConnections connections;
  private final Supplier<SystemIdentifier> storageSystem;
  private final ThreadFactory threads;
  private final SourceOptions options;
  private final ShortQueries queries;

  /** Streams whose findings this process has logged. */
  private final Set<GroupId> lookedAt = ConcurrentHashMap.newKeySet();

  /**
   * @param storageSystem where bucket storage is; asked once per attempt
   */
  public PostgresSource(
      SourceConnections connections,
      Supplier<SystemIdentifier> storageSystem,
      ThreadFactory threads,
      SourceOptions options) {
    this.connections = connections;
    this.storageSystem = storageSystem;
    this.threads = threads;
    this.options = options;
    this.queries = new ShortQueries(connections);
  }

  @Override
  public String id() {
    return "postgresql-" + connections.database();
  }

  @Override
  public void replicate(ReplicationAttempt attempt) throws InterruptedException {
    try (ShortQueries attemptQueries = new ShortQueries(connections, ATTEMPT_CONNECTIONS)) {
      attemptQueries.run("checking the source", SourceChecks::run);
      SourceServer server = attemptQueries.run("reading the server's version", SourceServer::read);
      SystemIdentifier storage = storageSystem.get();
      refuseOldSameServer(server, storage);
      PostgresAttempt work =
          new PostgresAttempt(
              attempt,
              server,
              connections,
              attemptQueries,
              new TypeRegistry(),
              new SlotWatch(attempt.stream().name(), attemptQueries, options.slotCheckInterval()),
              threads,
              options);
      SlotDecision decision = prepareSlot(work);
      boolean copies = decision != SlotDecision.STREAM;
      if (lookedAt.add(attempt.stream().id()) || copies) {
        logFindings(work, storage);
      }
      if (copies) {
        new InitialSnapshot(work).run();
      }
      new WalStream(work, !server.sameDatabase(storage)).run();
    }
  }

  /** At start, and again before a copy: what may surprise. What is fatal fails by itself. */
  private void logFindings(PostgresAttempt work, SystemIdentifier storage) {
    new Preflight(connections, work.queries(), () -> storage, options.tag())
        .run(work.attempt().tables().patterns()).stream()
            .filter(finding -> finding.level() != SourceInspection.Level.INFO)
            .forEach(finding -> LOG.log(Level.WARNING, "Source: {0}", finding));
  }

  private static void refuseOldSameServer(SourceServer server, SystemIdentifier storage) {
    if (server.version() < SAME_SERVER_SINCE && server.sameServer(storage)) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1144,
              "Source and bucket storage on the same server need PostgreSQL 14 or later; move"
                  + " bucket storage to another server")
          .with("version", server.version());
    }
  }

  private SlotDecision prepareSlot(PostgresAttempt work) throws InterruptedException {
    StreamStatus status = work.attempt().storage().status();
    Optional<ReplicationSlot> slot = finishedSlot(work);
    SlotDecision decision = SlotDecision.of(work.slot(), slot, status.snapshotDone());
    if (decision == SlotDecision.CREATE) {
      createSlot(work);
    } else {
      new SourceContinuity(work).check(status, slot.orElseThrow());
    }
    return decision;
  }

  /** A slot that nobody waits for any more is not made to its end, but anew. */
  private static Optional<ReplicationSlot> finishedSlot(PostgresAttempt work)
      throws InterruptedException {
    long begun = System.nanoTime();
    Optional<ReplicationSlot> slot = find(work);
    while (slot.filter(ReplicationSlot::unfinished).isPresent()) {
      if (System.nanoTime() - begun > MAKING_ENDS_WITHIN.toNanos()) {
        throw SourceQueryFailure.of(
            new SQLException("The replication slot is still being made", OBJECT_IN_USE),
            "ending what an earlier attempt began");
      }
      work.queries()
          .run(
              "ending the making of a replication slot",
              connection -> ReplicationSlots.endMaking(connection, work.slot()));
      work.stop().await(LOOK_AGAIN);
      work.stop().check();
      slot = find(work);
    }
    return slot;
  }

  private static Optional<ReplicationSlot> find(PostgresAttempt work) {
    return work.queries()
        .run(
            "looking at the replication slot",
            connection -> ReplicationSlots.find(connection, work.slot()));
  }

  /** Must come before every read of a table. */
  private void createSlot(PostgresAttempt work) {
    work.attempt().storage().clear(work.stop()::stopped);
    work.stop().check();
    try (Connection replication = connections.replication();
        StopSignal.Registration stop = work.stop().onStop(() -> abort(replication))) {
      ReplicationSlots.create(replication, work.slot());
      Optional<PgLsn> position = find(work).flatMap(ReplicationSlot::confirmedFlush);
      new SourceContinuity(work).begin(replication, position);
    } catch (SQLException e) {
      throw SourceQueryFailure.of(e, "creating the replication slot");
    }
    LOG.log(Level.INFO, "Created replication slot {0}", work.slot());
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.log(Level.FINE, "Cannot abort a connection to the source", e);
    }
  }

  @Override
  public void heartbeat() {
    queries.heartbeat();
  }

  @Override
  public void cleanUp(ReplicationStream stream) {
    queries.run(
        "dropping the replication slot",
        connection -> ReplicationSlots.drop(connection, stream.name()));
  }

  @Override
  public Verdict judge(Throwable failure) {
    return FailureJudge.judge(failure);
  }

  @Override
  public void close() {
    queries.close();
  }
}
