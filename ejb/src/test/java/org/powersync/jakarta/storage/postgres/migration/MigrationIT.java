package org.powersync.jakarta.storage.postgres.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.FailureClass;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.fixture.TestPostgres.Database;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

class MigrationIT {
  /** Everything about the schema but private objects: columns, constraints, indexes, sequences. */
  private static final String SHAPE =
      """
      SELECT 'column ' || c.table_name || ' ' || c.ordinal_position || ' ' || c.column_name || ' '
        || c.udt_name || ' ' || c.is_nullable || ' ' || coalesce(c.column_default, '-')
      FROM information_schema.columns c
      WHERE c.table_schema = 'powersync' AND c.table_name NOT LIKE 'x\\_%'
      UNION ALL
      SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' '
        || pg_get_constraintdef(oid)
      FROM pg_constraint
      WHERE connamespace = 'powersync'::regnamespace AND contype <> 'n'
        AND conrelid::regclass::text NOT LIKE '%x\\_%'
      UNION ALL
      SELECT 'index ' || indexdef FROM pg_indexes
      WHERE schemaname = 'powersync' AND tablename NOT LIKE 'x\\_%'
      UNION ALL
      SELECT 'sequence ' || sequencename || ' ' || data_type || ' ' || start_value || ' '
        || increment_by || ' ' || cycle || ' ' || cache_size || ' ' || max_value
      FROM pg_sequences WHERE schemaname = 'powersync'
      ORDER BY 1\
      """;

  private final TestPostgres server = TestPostgres.shared();

  @Test
  void m3EmptyDatabaseGetsTheShapeTheReferenceLeaves() throws Exception {
    Database ours = server.createDatabase("migrate");
    new SchemaMigration(ours.dataSource()).migrate();
    VersionThreeTable.create(new SqlTransactions(ours.dataSource()));
    VersionThreeTable.create(new SqlTransactions(ours.dataSource()));

    assertThat(list(ours, SHAPE)).isEqualTo(list(reference("streams-e3-v3"), SHAPE));
  }

  @Test
  void recordsEveryStepWithItsTime() throws Exception {
    Database database = server.createDatabase("migrate");
    new SchemaMigration(database.dataSource()).migrate();

    assertThat(
            list(
                database,
                "SELECT entry ->> 'name' FROM powersync.migrations, jsonb_array_elements(log)"
                    + " WITH ORDINALITY AS l (entry, n) WHERE entry ->> 'direction' = 'up'"
                    + " AND entry ->> 'timestamp' ~"
                    + " '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' ORDER BY n"))
        .isEqualTo(SchemaProgress.STEPS);
    assertThat(list(database, "SELECT id || ' ' || last_run FROM powersync.migrations"))
        .containsExactly("1 1784900000000-source-metadata");
    assertThat(list(database, "SELECT name FROM powersync.locks")).isEmpty();
  }

  @Test
  void completeSchemaOfTheReferenceIsAdoptedUntouched() throws Exception {
    Database database = reference("bucket-definitions-e2");
    String everything =
        "SELECT c.relname || ' ' || c.oid || ' ' || CASE c.relkind WHEN 'r' THEN"
            + " query_to_xml(format('SELECT ctid, xmin FROM powersync.%I', c.relname), true, false,"
            + " '')::text ELSE '' END FROM pg_class c"
            + " WHERE c.relnamespace = 'powersync'::regnamespace ORDER BY 1";
    List<String> before = list(database, everything);
    SchemaMigration migration = new SchemaMigration(database.dataSource());
    migration.migrate();
    migration.verify();

    assertThat(list(database, everything)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void continuesWhereAnotherImplementationStopped(int steps) throws Exception {
    Database database = stoppedAfter(steps);
    new SchemaMigration(database.dataSource()).migrate();

    Database fresh = server.createDatabase("migrate");
    new SchemaMigration(fresh.dataSource()).migrate();
    assertThat(list(database, SHAPE)).isEqualTo(list(fresh, SHAPE));
    assertThat(list(database, "SELECT jsonb_array_length(log)::text FROM powersync.migrations"))
        .containsExactly("8");
  }

  @Test
  void repeatsAStepThatWasTakenBack() throws Exception {
    Database database = server.createDatabase("migrate");
    SchemaMigration migration = new SchemaMigration(database.dataSource());
    migration.migrate();
    database.execute(
        "ALTER TABLE powersync.source_tables DROP COLUMN source_metadata",
        "UPDATE powersync.migrations SET log = log || jsonb_build_array(jsonb_build_object("
            + "'name', last_run, 'direction', 'down', 'timestamp', to_char(clock_timestamp()"
            + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')))");
    migration.migrate();

    assertThat(
            list(
                database,
                "SELECT column_name FROM information_schema.columns WHERE table_schema ="
                    + " 'powersync' AND column_name = 'source_metadata'"))
        .hasSize(1);
  }

  @Test
  void startsAnewAfterTearDown() throws Exception {
    Database database = server.createDatabase("migrate");
    SchemaMigration migration = new SchemaMigration(database.dataSource());
    migration.migrate();
    List<String> shape = list(database, SHAPE);
    database.execute(
        "DROP TABLE powersync.bucket_data, powersync.bucket_parameters, powersync.sync_rules,"
            + " powersync.instance, powersync.current_data, powersync.source_tables,"
            + " powersync.write_checkpoints, powersync.custom_write_checkpoints",
        "DROP SEQUENCE powersync.op_id_sequence, powersync.sync_rules_id_sequence",
        "DROP TABLE powersync.migrations");
    migration.migrate();

    assertThat(list(database, SHAPE)).isEqualTo(shape);
  }

  @Test
  void newerSchemaIsRefusedByName() {
    Database database = server.createDatabase("migrate");
    SchemaMigration migration = new SchemaMigration(database.dataSource());
    migration.migrate();
    database.execute("UPDATE powersync.migrations SET last_run = '1999900000000-future'");

    assertThatThrownBy(migration::migrate)
        .isInstanceOf(PowerSyncException.class)
        .hasMessageContaining("PSYNC_S1005")
        .hasMessageContaining("1999900000000-future");
  }

  @Test
  void manyProcessesMayMigrateAtOnce() {
    Database database = server.createDatabase("migrate");
    List<CompletableFuture<Void>> starters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      starters.add(
          CompletableFuture.runAsync(
              () -> new SchemaMigration(database.dataSource()).migrate(),
              task -> new Thread(task).start()));
    }
    CompletableFuture.allOf(starters.toArray(CompletableFuture[]::new)).join();

    assertThatCode(() -> new SchemaMigration(database.dataSource()).verify())
        .doesNotThrowAnyException();
  }

  @Test
  void roleThatOwnsAPreparedSchemaSuffices() {
    Database database = server.createDatabase("migrate");
    String role = role(database, "owner");
    database.execute("CREATE SCHEMA powersync AUTHORIZATION " + role);
    SchemaMigration migration = new SchemaMigration(as(database, role));
    migration.migrate();
    VersionThreeTable.create(new SqlTransactions(as(database, role)));

    assertThatCode(migration::verify).doesNotThrowAnyException();
  }

  @Test
  void roleThatMayCreateInTheDatabaseSuffices() {
    Database database = server.createDatabase("migrate");
    String role = role(database, "creator");
    database.execute("GRANT CREATE ON DATABASE " + database.name() + " TO " + role);
    SchemaMigration migration = new SchemaMigration(as(database, role));
    migration.migrate();

    assertThatCode(migration::verify).doesNotThrowAnyException();
  }

  @Test
  void missingRightsAreMendedByTheStatementsNamed() {
    Database noSchema = server.createDatabase("migrate");
    mendAndMigrate(noSchema, "CREATE SCHEMA powersync AUTHORIZATION");

    Database foreignSchema = server.createDatabase("migrate");
    foreignSchema.execute("CREATE SCHEMA powersync");
    mendAndMigrate(foreignSchema, "ALTER SCHEMA powersync OWNER TO");

    Database foreignTables = server.createDatabase("migrate");
    new SchemaMigration(foreignTables.dataSource()).migrate();
    mendAndMigrate(foreignTables, "ALTER TABLE powersync.bucket_data OWNER TO");
  }

  private void mendAndMigrate(Database database, String expected) {
    String role = role(database, "poor");
    SchemaMigration migration = new SchemaMigration(as(database, role));
    PowerSyncException failure = catchThrowableOfType(PowerSyncException.class, migration::migrate);
    assertThat(failure.code()).isEqualTo(ErrorCode.PSYNC_S1109);
    assertThat(failure.getMessage()).contains(expected);
    database.execute(failure.context().get("run").toString());

    assertThatCode(migration::migrate).doesNotThrowAnyException();
  }

  @Test
  void readOnlyAndUnreachableDatabasesAreSaidToBe() {
    Database database = server.createDatabase("migrate");
    PGSimpleDataSource readOnly = database.dataSource();
    readOnly.setOptions("-c default_transaction_read_only=on");
    assertThatThrownBy(() -> new SchemaMigration(readOnly).migrate())
        .hasMessageContaining("read-only")
        .asInstanceOf(type(PowerSyncException.class))
        .returns(FailureClass.RETRY, PowerSyncException::failureClass);

    PGSimpleDataSource nowhere = database.dataSource();
    nowhere.setPortNumbers(new int[] {1});
    assertThatThrownBy(() -> new SchemaMigration(nowhere).migrate())
        .hasMessageContaining("refused")
        .asInstanceOf(type(PowerSyncException.class))
        .returns(FailureClass.RETRY, PowerSyncException::failureClass);
  }

  @Test
  void withoutAutomaticMigrationAnIncompleteSchemaIsOnlyReported() throws Exception {
    Database database = server.createDatabase("migrate");
    SchemaMigration migration = new SchemaMigration(database.dataSource());
    assertThatThrownBy(migration::verify).hasMessageContaining("disable_auto_migration");
    assertThat(list(database, "SELECT nspname FROM pg_namespace WHERE nspname = 'powersync'"))
        .isEmpty();
  }

  @Test
  void missingTablesAreNoticed() {
    Database database = server.createDatabase("migrate");
    SchemaMigration migration = new SchemaMigration(database.dataSource());
    migration.migrate();
    database.execute("DROP TABLE powersync.bucket_data");

    assertThatThrownBy(migration::migrate).hasMessageContaining("missing=[bucket_data]");
  }

  private Database reference(String fixture) throws IOException {
    Path dump =
        Path.of(System.getProperty("vectors.storage"))
            .resolveSibling("adoption")
            .resolve(fixture + ".sql");
    Database database = server.createDatabase("reference");
    database.execute(Files.readString(dump));
    return database;
  }

  /** A schema without any trace of ours: the scripts run by hand. */
  private Database stoppedAfter(int steps) throws Exception {
    Database database = server.createDatabase("migrate");
    database.execute(
        "CREATE SCHEMA powersync",
        "CREATE TABLE powersync.locks (name text NOT NULL CONSTRAINT locks_pkey PRIMARY KEY,"
            + " lock_id uuid NOT NULL, ts timestamptz NOT NULL)",
        "CREATE TABLE powersync.migrations (id serial CONSTRAINT migrations_pkey PRIMARY KEY,"
            + " last_run text, log jsonb NOT NULL)");
    for (int step = 1; step <= steps; step++) {
      database.execute("SET search_path TO powersync;" + script(step));
    }
    return database;
  }

  private static String script(int step) throws Exception {
    Path directory =
        Path.of(MigrationIT.class.getResource("/db/migration/V1__init.sql").toURI()).getParent();
    try (var files = Files.newDirectoryStream(directory, "V" + step + "__*.sql")) {
      return Files.readString(files.iterator().next());
    }
  }

  private static String role(Database database, String kind) {
    String role = kind + "_of_" + database.name();
    database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'postgres'");
    return role;
  }

  private static PGSimpleDataSource as(Database database, String role) {
    PGSimpleDataSource dataSource = database.dataSource();
    dataSource.setUser(role);
    return dataSource;
  }

  private static List<String> list(Database database, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
