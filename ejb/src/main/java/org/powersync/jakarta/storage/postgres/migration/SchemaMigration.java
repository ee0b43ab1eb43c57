package org.powersync.jakarta.storage.postgres.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.FailureClass;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.StorageFailure;
import org.powersync.jakarta.storage.postgres.lock.LockTable;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Brings the schema to its final form, or says what is in the way. Any number of processes may do
 * so at once. Can be repeated; a complete schema is not touched. Safe for all threads.
 */
public final class SchemaMigration {
  private static final Logger LOG = Logger.getLogger(SchemaMigration.class.getName());
  private static final String LOCK = "migrations";
  private static final Duration LOCK_WAIT = Duration.ofMinutes(3);
  private static final Duration LOCK_PAUSE = Duration.ofSeconds(1);

  private static final long CREATION_KEY = 0x706F7765_7273796EL;

  private final DataSource dataSource;
  private final SqlTransactions sql;
  private final LockTable locks;

  /**
   * @param dataSource takes no part in global transactions
   */
  public SchemaMigration(DataSource dataSource) {
    this.dataSource = Objects.requireNonNull(dataSource);
    this.sql = new SqlTransactions(dataSource);
    this.locks = new LockTable(sql);
  }

  /**
   * Migrates where something is missing.
   *
   * <p>Throws PSYNC_S1005 when a newer version was here, PSYNC_S1109 with the SQL that mends it
   * when rights are missing, and a retriable code when the database is not available or read-only.
   */
  public void migrate() {
    explained(
        () -> {
          if (!progress().complete()) {
            createMissingBasis();
            underLock();
          }
          SchemaCheck.run(sql);
        });
  }

  /** Only looks; throws as {@link #migrate} does, and PSYNC_S1109 when something is missing. */
  public void verify() {
    explained(
        () -> {
          if (!progress().complete()) {
            throw new PowerSyncException(
                ErrorCode.PSYNC_S1109,
                "The storage schema is not migrated and migrations.disable_auto_migration is set;"
                    + " run the migrate command, or allow automatic migration");
          }
          SchemaCheck.run(sql);
        });
  }

  /**
   * Keeps two processes of ours from creating the same object at the same moment, which "if not
   * exists" alone does not. Until the end of the transaction.
   */
  static void lockCreation(Statement statement) throws SQLException {
    statement.execute("SELECT pg_advisory_xact_lock(" + CREATION_KEY + ")");
  }

  private SchemaProgress progress() {
    return sql.autocommit("read the record of migrations", SchemaProgress::read);
  }

  private void createMissingBasis() {
    sql.call(
        "create the schema",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            lockCreation(statement);
            if (!schemaExists(statement)) {
              statement.execute("CREATE SCHEMA IF NOT EXISTS powersync");
            }
            statement.execute(
                """
                CREATE TABLE IF NOT EXISTS powersync.locks (
                  name text NOT NULL CONSTRAINT locks_pkey PRIMARY KEY,
                  lock_id uuid NOT NULL,
                  ts timestamptz NOT NULL
                )\
                """);
            statement.execute(
                """
                CREATE TABLE IF NOT EXISTS powersync.migrations (
                  id serial CONSTRAINT migrations_pkey PRIMARY KEY,
                  last_run text,
                  log jsonb NOT NULL
                )\
                """);
            return null;
          }
        });
  }

  /** The creating statement asks for rights on the database even if there is nothing to create. */
  private static boolean schemaExists(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'powersync')")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private void underLock() {
    UUID lock = waitForLock();
    try {
      SchemaProgress progress =
          sql.call("compare migration records", SchemaMigration::progressWithMatchingHistory);
      if (!progress.complete()) {
        LOG.log(
            Level.INFO,
            "Migrating the storage schema, {0} of {1} steps are done",
            new Object[] {progress.steps(), SchemaProgress.STEPS.size()});
        flyway(progress).migrate();
        if (!progress().complete()) {
          throw new PowerSyncException(
              ErrorCode.PSYNC_S0001, "Migration scripts were not found, or did not do their work");
        }
      }
    } finally {
      locks.release(lock);
    }
  }

  private UUID waitForLock() {
    long end = System.nanoTime() + LOCK_WAIT.toNanos();
    while (true) {
      Optional<UUID> lock = locks.acquire(LOCK);
      if (lock.isPresent()) {
        return lock.get();
      }
      if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
        throw new StorageFailure(
                FailureClass.RETRY, "Another process holds the lock on schema migrations", null)
            .with("waited", LOCK_WAIT);
      }
      LockSupport.parkNanos(LOCK_PAUSE.toNanos());
    }
  }

  /** Drops Flyway's history when it tells another story than the schema's own record. */
  private static SchemaProgress progressWithMatchingHistory(Connection connection)
      throws SQLException {
    SchemaProgress progress = SchemaProgress.read(connection);
    try (Statement statement = connection.createStatement()) {
      if (historyExists(statement) && historyVersion(statement) != progress.steps()) {
        statement.execute("DROP TABLE powersync.x_flyway_history");
      }
    }
    return progress;
  }

  private static boolean historyExists(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT to_regclass('powersync.x_flyway_history') IS NOT NULL")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static int historyVersion(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT coalesce(max(version::int), 0) FROM powersync.x_flyway_history WHERE"
                + " success")) {
      row.next();
      return row.getInt(1);
    }
  }

  private Flyway flyway(SchemaProgress progress) {
    return Flyway.configure(SchemaMigration.class.getClassLoader())
        .dataSource(dataSource)
        .locations("classpath:db/migration")
        .schemas("powersync")
        .defaultSchema("powersync")
        .createSchemas(false)
        .table("x_flyway_history")
        .baselineOnMigrate(true)
        .baselineVersion(Integer.toString(progress.steps()))
        .placeholderReplacement(false)
        .load();
  }

  /** Adds to missing rights and a read-only database what the operator can do about them. */
  private void explained(Runnable work) {
    try {
      work.run();
    } catch (PowerSyncException | FlywayException e) {
      SQLException failure = SqlFailures.behind(e).orElseThrow(() -> e);
      if (SqlFailures.INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState())) {
        throw SchemaRights.missing(sql, failure);
      }
      if (SqlFailures.READ_ONLY_TRANSACTION.equals(failure.getSQLState())) {
        throw new StorageFailure(
            FailureClass.RETRY,
            "The storage database is read-only, so its schema cannot be migrated; name the primary"
                + " server in the storage URI, or run ALTER DATABASE … SET"
                + " default_transaction_read_only = off",
            failure);
      }
      throw e instanceof PowerSyncException known
          ? known
          : SqlFailures.of("migrate the schema", failure);
    }
  }
}
