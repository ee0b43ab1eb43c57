package org.powersync.jakarta.replication.postgres.inspect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.powersync.jakarta.connection.ConnectionSettings;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.replication.postgres.server.ReplicationSlot;
import org.powersync.jakarta.replication.postgres.server.ReplicationSlots;
import org.powersync.jakarta.replication.postgres.server.ShortQueries;
import org.powersync.jakarta.replication.postgres.server.SourceChecks;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;
import org.powersync.jakarta.replication.postgres.server.SourceQueryFailure;
import org.powersync.jakarta.replication.postgres.server.WalBudget;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;

/** Answers about a PostgreSQL source, over at most five connections of its own. */
public final class PostgresInspection implements SourceInspection {
  private static final int CONNECTIONS = 5;
  private static final String DEFAULT_SCHEMA = "public";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final String LAG =
      "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn)::int8"
          + " FROM pg_replication_slots WHERE slot_name = ? AND confirmed_flush_lsn IS NOT NULL";

  private final SourceConnections connections;
  private final Supplier<SystemIdentifier> storageSystem;
  private final Settings settings;
  private final ShortQueries queries;

  /**
   * What the configuration says about the connection.
   *
   * @param debugApi whether statements may be run
   */
  public record Settings(String id, String tag, boolean debugApi) {}

  /**
   * @param storageSystem where bucket storage is; asked by {@link #preflight}
   */
  public PostgresInspection(
      SourceConnections connections, Supplier<SystemIdentifier> storageSystem, Settings settings) {
    this.connections = connections;
    this.storageSystem = storageSystem;
    this.settings = settings;
    this.queries = new ShortQueries(connections, CONNECTIONS);
  }

  @Override
  public String id() {
    return settings.id();
  }

  @Override
  public String tag() {
    return settings.tag();
  }

  @Override
  public String uri() {
    ConnectionSettings address = connections.settings();
    String host = address.hostname();
    return "postgresql://%s:%d/%s"
        .formatted(
            host.indexOf(':') < 0 ? host : "[" + host + "]", address.port(), address.database());
  }

  @Override
  public String defaultSchema() {
    return DEFAULT_SCHEMA;
  }

  @Override
  public ConnectionStatus status() {
    try {
      queries.run(
          "trying the connection",
          connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
              return statement.execute();
            }
          });
    } catch (PowerSyncException e) {
      return new ConnectionStatus(false, List.of(fatal(e)));
    }
    try {
      queries.run("checking the source", SourceChecks::run);
      return new ConnectionStatus(true, List.of());
    } catch (PowerSyncException e) {
      return new ConnectionStatus(true, List.of(fatal(e)));
    }
  }

  private static Issue fatal(PowerSyncException e) {
    return new Issue(Level.FATAL, e.getMessage());
  }

  @Override
  public List<Schema> schemas() {
    return queries.run("listing tables", SchemaListing::read);
  }

  @Override
  public QueryResult execute(String sql, List<?> arguments) {
    if (!settings.debugApi()) {
      return QueryResult.failed(
          "Queries are switched off; set debug_api to true for the source connection");
    }
    // On a connection of its own: the statement may leave anything behind in its session.
    try (Connection connection = connections.query()) {
      return SqlConsole.execute(connection, sql, arguments);
    } catch (SQLException e) {
      return QueryResult.failed(e.getMessage());
    }
  }

  @Override
  public List<PatternTables> tables(DeployedSyncConfig config) {
    TableReport report = new TableReport(settings.tag(), config);
    try (Connection connection = connections.query()) {
      connection.setAutoCommit(false);
      return report.run(connection);
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return report.locked();
      }
      throw SourceQueryFailure.of(e, "looking at tables");
    }
  }

  @Override
  public long lagBytes(String slot) {
    Optional<Long> bytes = queries.run("measuring the lag", connection -> lag(connection, slot));
    return bytes.orElseThrow(
        () ->
            new PowerSyncException(
                    ErrorCode.PSYNC_S4001, "The lag is not known: there is no replication slot")
                .with("slot", slot));
  }

  private static Optional<Long> lag(Connection connection, String slot) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LAG)) {
      statement.setString(1, slot);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    }
  }

  @Override
  public Optional<WalBudgetReport> walBudget(String slot) {
    return queries.run(
        "reading the log budget of a slot",
        connection -> {
          Optional<ReplicationSlot> found = ReplicationSlots.find(connection, slot);
          if (found.isEmpty() || found.get().walStatus().isEmpty()) {
            return Optional.empty();
          }
          return Optional.of(
              new WalBudgetReport(
                  found.get().walStatus().get(),
                  found.get().safeWalSize(),
                  WalBudget.read(connection).limit()));
        });
  }

  @Override
  public List<PreflightFinding> preflight(List<TablePattern> patterns) {
    return new Preflight(connections, queries, storageSystem, settings.tag()).run(patterns);
  }

  @Override
  public void close() {
    queries.close();
  }
}
