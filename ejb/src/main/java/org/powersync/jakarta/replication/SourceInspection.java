package org.powersync.jakarta.replication;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * What operators ask about the source, in every process that serves the API: independent of whether
 * this process replicates. Safe for all threads; each method is a few round trips at most. Where
 * nothing else is said, a source that does not answer makes a method throw a {@link
 * org.powersync.jakarta.error.PowerSyncException} ({@code PSYNC_S1120}, {@code S1121}). Nothing
 * that is returned holds credentials. Specification: replication section 7.
 */
public interface SourceInspection extends AutoCloseable {
  /** Id of the connection in the configuration. */
  String id();

  /** Name of the connection in sync configs. */
  String tag();

  /** {@code postgresql://host:port/database}. */
  String uri();

  /** Schema of table names that name none. */
  String defaultSchema();

  /** Whether the source can be reached and replicated; never throws (7.1). */
  ConnectionStatus status();

  /** Tables and columns that the role of the connection may use, by schema and name (7.2). */
  List<Schema> schemas();

  /**
   * Runs one statement, when the configuration allows it; failures are results, never thrown (7.3).
   *
   * @param arguments for {@code $1}, {@code $2}, …: null, strings, integers, other numbers,
   *     booleans
   */
  QueryResult execute(String sql, List<?> arguments);

  /** What each pattern of the config finds, in their order, with what is wrong with it (7.5). */
  List<PatternTables> tables(DeployedSyncConfig config);

  /** Bytes between the source's position and the slot's; {@code PSYNC_S4001} without slot (5.5). */
  long lagBytes(String slot);

  /** What the source's log limits leave to a slot; empty without slot or below version 13 (7.4). */
  Optional<WalBudgetReport> walBudget(String slot);

  /**
   * Everything that keeps the source from being replicated, or may surprise, with what mends it;
   * never throws: a source that does not answer is a finding.
   *
   * @param patterns tables to look at; empty = server and publication only
   */
  List<PreflightFinding> preflight(List<TablePattern> patterns);

  /** Closes its connections. */
  @Override
  void close();

  /** How bad a finding is. */
  enum Level {
    /** Works; good to know. */
    INFO,
    WARNING,
    /** Does not work. */
    FATAL
  }

  /** Something an operator should know. */
  record Issue(Level level, String message) {}

  /**
   * @param connected a query was answered
   */
  record ConnectionStatus(boolean connected, List<Issue> errors) {
    public ConnectionStatus {
      errors = List.copyOf(errors);
    }
  }

  /** A schema of the source. */
  record Schema(String name, List<Table> tables) {
    public Schema {
      tables = List.copyOf(tables);
    }
  }

  /** A table of the source. */
  record Table(String name, List<Column> columns) {
    public Table {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A column of the source.
   *
   * @param sqliteType what clients get, as flag: 1 blob, 2 text, 4 integer, 8 real
   * @param type formatted, such as {@code character varying(255)[]}
   * @param pgType catalogue name, such as {@code varchar[]}
   */
  record Column(String name, int sqliteType, String type, String pgType) {}

  /**
   * @param rows values by column: null, String, Long, Double
   * @param error empty on success
   */
  record QueryResult(
      boolean success, List<String> columns, List<List<Object>> rows, Optional<String> error) {
    /** A statement that was refused or failed. */
    public static QueryResult failed(String error) {
      return new QueryResult(false, List.of(), List.of(), Optional.of(error));
    }
  }

  /**
   * @param wildcard the name ends in {@code %}
   * @param tables exactly one for an exact pattern
   */
  record PatternTables(String schema, String pattern, boolean wildcard, List<TableInfo> tables) {
    public PatternTables {
      tables = List.copyOf(tables);
    }
  }

  /**
   * A table as found, or as asked for when there is none.
   *
   * @param pattern only for tables found by a wildcard
   * @param replicationId identity columns in column order
   */
  record TableInfo(
      String schema,
      String name,
      Optional<String> pattern,
      List<String> replicationId,
      boolean dataQueries,
      boolean parameterQueries,
      List<Issue> errors) {
    public TableInfo {
      replicationId = List.copyOf(replicationId);
      errors = List.copyOf(errors);
    }
  }

  /**
   * @param safeWalSize bytes until the slot is lost, where known
   * @param maxSlotWalKeepSize the limit in bytes; empty = unlimited or unreadable
   */
  record WalBudgetReport(
      String walStatus, OptionalLong safeWalSize, OptionalLong maxSlotWalKeepSize) {}
}
