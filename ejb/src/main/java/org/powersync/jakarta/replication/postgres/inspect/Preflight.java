package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.postgres.server.ShortQueries;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * Looks at a source before it is replicated: everything that is wrong at once, each with the
 * statements that mend it. Changes nothing, creates no slot. Safe for all threads.
 */
public final class Preflight {
  private final SourceConnections connections;
  private final ShortQueries queries;
  private final Supplier<SystemIdentifier> storage;
  private final String tag;

  /**
   * @param queries on the same source
   * @param storage where bucket storage is; a failure to say so is a finding
   * @param tag name of the connection in sync configs
   */
  public Preflight(
      SourceConnections connections,
      ShortQueries queries,
      Supplier<SystemIdentifier> storage,
      String tag) {
    this.connections = connections;
    this.queries = queries;
    this.storage = storage;
    this.tag = tag;
  }

  /** All findings, server first; never throws. */
  public List<PreflightFinding> run(List<TablePattern> patterns) {
    List<PreflightFinding> findings = new ArrayList<>();
    try {
      ServerFacts facts = queries.run("looking at the source", ServerFacts::read);
      findings.addAll(ServerFindings.of(facts));
      findings.add(replicationConnection(facts));
      storage(facts, findings);
      findings.addAll(
          queries.run(
              "looking at the tables",
              connection -> TableFindings.of(connection, tag, patterns, facts)));
    } catch (PowerSyncException e) {
      findings.add(new PreflightFinding(Level.FATAL, "connection", "", e.getMessage(), List.of()));
    }
    return findings;
  }

  /** Poolers in transaction mode, and proxies, often refuse it. */
  private PreflightFinding replicationConnection(ServerFacts facts) {
    try (Connection ignored = connections.replication()) {
      return PreflightFinding.fine(
          "replication_connection", "A connection in replication mode can be opened");
    } catch (SQLException e) {
      List<String> fix =
          facts.mayReplicate()
              ? List.of()
              : List.of("ALTER ROLE " + facts.quotedRole() + " REPLICATION");
      return new PreflightFinding(
          Level.FATAL,
          "replication_connection",
          facts.role(),
          "A connection in replication mode cannot be opened, connect to the server itself and not"
              + " through a pooler: "
              + e.getMessage(),
          fix);
    }
  }

  private void storage(ServerFacts facts, List<PreflightFinding> findings) {
    try {
      findings.addAll(StorageFindings.of(facts, storage.get()));
    } catch (RuntimeException e) {
      findings.add(
          new PreflightFinding(
              Level.WARNING,
              "storage",
              "",
              "Bucket storage cannot be asked whether it is on the source's server: "
                  + e.getMessage(),
              List.of()));
    }
  }
}
