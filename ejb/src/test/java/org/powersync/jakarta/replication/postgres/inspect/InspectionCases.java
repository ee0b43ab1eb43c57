package org.powersync.jakarta.replication.postgres.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.PreflightFinding;
import org.powersync.jakarta.replication.SourceInspection.Column;
import org.powersync.jakarta.replication.SourceInspection.ConnectionStatus;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.SourceInspection.PatternTables;
import org.powersync.jakarta.replication.SourceInspection.QueryResult;
import org.powersync.jakarta.replication.SourceInspection.Table;
import org.powersync.jakarta.replication.SourceInspection.TableInfo;
import org.powersync.jakarta.replication.SourceInspection.WalBudgetReport;
import org.powersync.jakarta.replication.postgres.SourceHarness;
import org.powersync.jakarta.storage.BucketStorageProvider.SystemIdentifier;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TablePattern;

/** Replication section 7 on a real server. */
public abstract class InspectionCases {
  private static final int LOOKING_INTO_TABLES = 16;
  private static final String PUBLICATION = "CREATE PUBLICATION powersync FOR ALL TABLES";

  private final TestPostgres.Database database = TestPostgres.shared().createDatabase("inspection");
  private final String role = "reader_" + database.name();
  private PostgresInspection inspection;

  @AfterEach
  void close() {
    if (inspection != null) {
      inspection.close();
    }
  }

  private PostgresInspection open(int port, String user, boolean debugApi) {
    inspection =
        new PostgresInspection(
            SourceHarness.connections(database, port, user),
            () -> new SystemIdentifier("elsewhere", "storage"),
            new PostgresInspection.Settings("default", "default", debugApi));
    return inspection;
  }

  private PostgresInspection open() {
    return open(database.port(), "postgres", true);
  }

  private PostgresInspection asReader() {
    return open(database.port(), role, true);
  }

  private static DeployedSyncConfig config(String... lines) {
    String yaml = "bucket_definitions:\n" + String.join("\n", lines) + "\n";
    return SyncConfig.load(yaml, "public")
        .config()
        .orElseThrow(() -> new AssertionError(SyncConfig.load(yaml, "public").messages()))
        .deployed(BucketNaming.UNVERSIONED);
  }

  private static List<TablePattern> patterns(String... names) {
    return Arrays.stream(names).map(name -> new TablePattern("default", "public", name)).toList();
  }

  @Test
  void aHealthySourceHasNoErrors() {
    database.execute(PUBLICATION);
    assertThat(open().status()).isEqualTo(new ConnectionStatus(true, List.of()));
    assertThat(inspection.uri())
        .isEqualTo("postgresql://127.0.0.1:" + database.port() + "/" + database.name());
  }

  @Tag("DIA-02")
  @Test
  void reportsAPublicationThatDoesNotFit() {
    assertThat(open().status().errors()).singleElement().asString().contains("PSYNC_S1141");
    database.execute(
        "CREATE PUBLICATION powersync FOR ALL TABLES WITH (publish = 'insert, update, delete')");
    assertThat(inspection.status().errors()).singleElement().asString().contains("PSYNC_S1142");
  }

  @Tag("DIA-03")
  @Test
  void reportsAPublicationByPartitionRoot() {
    assumeTrue(TestPostgres.shared().major() >= 13, "older publications know no such option");
    database.execute(
        "CREATE PUBLICATION powersync FOR ALL TABLES WITH (publish_via_partition_root = true)");
    ConnectionStatus status = open().status();
    assertThat(status.connected()).isTrue();
    assertThat(status.errors()).singleElement().asString().contains("PSYNC_S1143");
  }

  /** DIA-05. */
  @Tag("DIA-05")
  @Test
  void reportsAServerThatCannotBeReached() {
    ConnectionStatus status = open(1024, "postgres", false).status();
    assertThat(status.connected()).isFalse();
    assertThat(status.errors())
        .singleElement()
        .satisfies(error -> assertThat(error.level()).isEqualTo(Level.FATAL))
        .asString()
        .contains("refused");
    assertThat(inspection.uri()).doesNotContain("postgres:");
    assertThat(inspection.preflight(List.of()))
        .extracting(PreflightFinding::level)
        .contains(Level.FATAL);
  }

  /** DIA-06. */
  @Tag("DIA-06")
  @Test
  void describesWhatPatternsFind() {
    database.execute(
        PUBLICATION,
        "CREATE TABLE test_data (id uuid PRIMARY KEY, d text)",
        "CREATE TABLE test_param_data (id uuid PRIMARY KEY, user_id text)",
        "CREATE TABLE test_wild_alpha (id uuid PRIMARY KEY)",
        "CREATE TABLE test_wild_beta (id uuid PRIMARY KEY)");
    List<PatternTables> report =
        open()
            .tables(
                config(
                    "  global:",
                    "    data:",
                    "      - SELECT * FROM test_data",
                    "      - SELECT id FROM test_missing_exact",
                    "      - SELECT id FROM \"test_wild_%\"",
                    "      - SELECT id FROM \"test_missing_%\"",
                    "  by_user:",
                    "    parameters: SELECT id AS p FROM test_param_data WHERE user_id ="
                        + " token_parameters.user_id",
                    "    data: [\"SELECT id FROM test_data WHERE d = bucket.p\"]"));
    assertThat(tables(report, "test_data"))
        .containsExactly(info("test_data", Optional.empty(), List.of("id"), true, false));
    assertThat(tables(report, "test_param_data"))
        .containsExactly(info("test_param_data", Optional.empty(), List.of("id"), false, true));
    assertThat(tables(report, "test_missing_exact"))
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.replicationId()).isEmpty();
              assertThat(table.errors()).extracting(Issue::level).containsExactly(Level.WARNING);
            });
    Optional<String> wild = Optional.of("test_wild_%");
    assertThat(tables(report, "test_wild_%"))
        .containsExactly(
            info("test_wild_alpha", wild, List.of("id"), true, false),
            info("test_wild_beta", wild, List.of("id"), true, false));
    assertThat(tables(report, "test_missing_%")).isEmpty();
  }

  private static TableInfo info(
      String name, Optional<String> pattern, List<String> key, boolean data, boolean parameters) {
    return new TableInfo("public", name, pattern, key, data, parameters, List.of());
  }

  private static List<TableInfo> tables(List<PatternTables> report, String pattern) {
    return report.stream()
        .filter(entry -> entry.pattern().equals(pattern))
        .findFirst()
        .orElseThrow()
        .tables();
  }

  /** Newer servers look into every table of a publication. */
  @Test
  void saysThatATableIsLocked() throws Exception {
    database.execute(
        PUBLICATION,
        "CREATE TABLE test_data (id uuid PRIMARY KEY)",
        "CREATE TABLE test_locked (id uuid PRIMARY KEY)");
    DeployedSyncConfig config = config("  g:", "    data: ['SELECT id FROM test_data']");
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE test_locked IN ACCESS EXCLUSIVE MODE");
      List<Issue> issues = tables(open().tables(config), "test_data").get(0).errors();
      assertThat(issues).allMatch(issue -> issue.message().contains("locked"));
      assertThat(issues).hasSize(TestPostgres.shared().major() >= LOOKING_INTO_TABLES ? 1 : 0);
      other.rollback();
    }
    assertThat(tables(inspection.tables(config), "test_data").get(0).errors()).isEmpty();
  }

  /** DIA-08, DIA-10. */
  @Tag("DIA-08")
  @Tag("DIA-10")
  @Test
  void probesEachTableByItself() {
    database.execute(PUBLICATION, "CREATE ROLE " + role + " LOGIN REPLICATION");
    for (int i = 0; i < 10; i++) {
      database.execute("CREATE TABLE test_" + i + " (id uuid PRIMARY KEY)");
    }
    database.execute(
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role,
        "REVOKE SELECT ON test_3 FROM " + role,
        "ALTER TABLE test_5 ENABLE ROW LEVEL SECURITY");
    List<TableInfo> found =
        tables(
            asReader().tables(config("  g:", "    data: ['SELECT * FROM \"test_%\"']")), "test_%");
    assertThat(found).hasSize(10);
    assertThat(found).allMatch(table -> table.replicationId().equals(List.of("id")));
    assertThat(found.get(3).errors())
        .containsExactly(new Issue(Level.FATAL, "permission denied for table test_3"));
    assertThat(found.get(5).errors())
        .singleElement()
        .satisfies(issue -> assertThat(issue.level()).isEqualTo(Level.WARNING))
        .asString()
        .contains("PSYNC_S1145");
    assertThat(found.stream().filter(table -> table.errors().isEmpty())).hasSize(8);
  }

  @Test
  void saysWhatIsWrongWithATable() {
    database.execute(
        "CREATE TABLE test_a (v int)",
        "CREATE TABLE test_b (v int)",
        "ALTER TABLE test_b REPLICA IDENTITY NOTHING",
        "CREATE PUBLICATION powersync FOR TABLE test_a");
    List<PatternTables> report =
        open()
            .tables(
                config(
                    "  g:",
                    "    data:",
                    "      - SELECT '' AS id, v FROM test_a",
                    "      - SELECT '' AS id, v FROM test_b"));
    assertThat(tables(report, "test_a"))
        .singleElement()
        .satisfies(table -> assertThat(table.errors()).hasSize(1))
        .asString()
        .contains("replica identity");
    assertThat(tables(report, "test_b"))
        .singleElement()
        .satisfies(table -> assertThat(table.errors()).hasSize(1))
        .asString()
        .contains("ALTER PUBLICATION powersync ADD TABLE \"public\".\"test_b\"");
  }

  /** DIA-12. */
  @Tag("DIA-12")
  @Tag("http-schema")
  @Test
  void listsWhatTheRoleMayUse() {
    database.execute(
        "CREATE ROLE " + role + " LOGIN",
        "CREATE DOMAIN rating_value AS float8",
        "CREATE TABLE t (a varchar(255)[], b int, c rating_value, n numeric, x bytea)",
        "REVOKE ALL ON t FROM " + role,
        "GRANT SELECT (a, c, n, x) ON t TO " + role,
        "CREATE TABLE hollow (gone int)",
        "ALTER TABLE hollow DROP COLUMN gone",
        "GRANT SELECT ON hollow TO " + role,
        "CREATE TABLE hidden (id int)",
        "CREATE VIEW looks AS SELECT 1 AS one");
    assertThat(asReader().schemas())
        .singleElement()
        .satisfies(
            schema -> {
              assertThat(schema.name()).isEqualTo("public");
              assertThat(schema.tables())
                  .containsExactly(
                      new Table("hollow", List.of()),
                      new Table(
                          "t",
                          List.of(
                              new Column("a", 2, "character varying(255)[]", "varchar[]"),
                              new Column("c", 8, "rating_value", "rating_value"),
                              new Column("n", 2, "numeric", "numeric"),
                              new Column("x", 1, "bytea", "bytea"))));
            });
  }

  /** DIA-13. */
  @Tag("DIA-13")
  @Test
  void runsNoQueryUnlessAllowed() {
    QueryResult result = open(1024, "postgres", false).execute("SELECT 1", List.of());
    assertThat(result.success()).isFalse();
    assertThat(result.error()).hasValueSatisfying(text -> assertThat(text).contains("debug_api"));
    assertThat(result.rows()).isEmpty();
  }

  /** DIA-14. */
  @Tag("DIA-14")
  @Test
  void runsQueriesWithArguments() {
    QueryResult result =
        open().execute("SELECT $1::int8 AS n, $2, true, null, '\\x00'::bytea", List.of(5, "it's"));
    assertThat(result.error()).isEmpty();
    assertThat(result.columns()).startsWith("n");
    assertThat(result.rows()).containsExactly(Arrays.asList(5L, "it's", 1L, null, null));
    QueryResult numbers =
        inspection.execute("SELECT $1, $2 + 1, $3, $1 IS NULL", Arrays.asList(null, 1.5, false));
    assertThat(numbers.rows()).containsExactly(Arrays.asList(null, 2.5, 0L, 1L));
    assertThat(inspection.execute("SELEC 1", List.of()).error())
        .hasValueSatisfying(text -> assertThat(text).contains("syntax error"));
    assertThat(inspection.execute("SELECT $1", List.of(List.of())).success()).isFalse();
    assertThat(inspection.execute("SELECT generate_series(1, 10001)", List.of()).error())
        .hasValueSatisfying(text -> assertThat(text).contains("LIMIT"));
    assertThat(inspection.execute("SET statement_timeout = 1", List.of()).success()).isTrue();
    assertThat(inspection.execute("SHOW statement_timeout", List.of()).rows())
        .containsExactly(List.of("0"));
  }

  @Test
  void measuresSlots() {
    database.execute(
        "SELECT pg_create_logical_replication_slot('s_" + database.name() + "', 'pgoutput')",
        "CREATE TABLE filler AS SELECT generate_series(1, 10000)");
    try {
      assertThat(open().lagBytes("s_" + database.name())).isGreaterThan(10_000);
      // Older servers do not say how a slot is.
      assertThat(inspection.walBudget("s_" + database.name()))
          .isEqualTo(
              TestPostgres.shared().major() < 13
                  ? Optional.empty()
                  : Optional.of(
                      new WalBudgetReport("reserved", OptionalLong.empty(), OptionalLong.empty())));
      assertThat(inspection.walBudget("none")).isEmpty();
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> inspection.lagBytes("none")))
          .hasMessageContaining("PSYNC_S4001");
    } finally {
      database.execute("SELECT pg_drop_replication_slot('s_" + database.name() + "')");
    }
  }

  /** Every statement that the preflight proposes runs, and afterwards nothing is wrong. */
  @Test
  void whatThePreflightProposesMendsIt() {
    boolean filters = TestPostgres.shared().major() >= 15;
    database.execute(
        "CREATE ROLE " + role + " LOGIN",
        "CREATE SCHEMA odd",
        "CREATE TABLE odd.\"a b\" (v int)",
        "CREATE UNLOGGED TABLE memory (id int PRIMARY KEY)",
        "CREATE TABLE secret (id int PRIMARY KEY)",
        "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
        "CREATE TABLE filtered (id int PRIMARY KEY, v int)",
        "CREATE TABLE silent (id int PRIMARY KEY)",
        "ALTER TABLE silent REPLICA IDENTITY NOTHING",
        "CREATE PUBLICATION powersync FOR TABLE filtered"
            + (filters ? " (id) WHERE (id > 5)" : "")
            + " WITH (publish = 'insert')");
    List<TablePattern> patterns =
        List.of(
            new TablePattern("default", "odd", "a b"),
            new TablePattern("default", "public", "memory"),
            new TablePattern("default", "public", "secret"),
            new TablePattern("default", "public", "filtered"),
            new TablePattern("default", "public", "silent"));
    List<PreflightFinding> findings = asReader().preflight(patterns);
    assertThat(findings)
        .filteredOn(finding -> finding.level() != Level.INFO)
        .extracting(PreflightFinding::check)
        .contains(
            "role",
            "publication",
            "replication_connection",
            "rights",
            "replica_identity",
            "unlogged",
            "row_level_security");
    assertThat(findings.stream().anyMatch(f -> f.check().equals("publication_filter")))
        .isEqualTo(filters);
    findings.forEach(finding -> finding.fix().forEach(database::execute));
    findings = inspection.preflight(patterns);
    // No statement mends the version of a server.
    assertThat(findings)
        .filteredOn(finding -> finding.level() != Level.INFO && !finding.check().equals("version"))
        .isEmpty();
  }

  @Test
  void thePreflightExplainsWhatIsNoTable() {
    database.execute(
        PUBLICATION,
        "CREATE TABLE part (k int) PARTITION BY LIST (k)",
        "CREATE VIEW looks AS SELECT 1 AS id",
        "CREATE TABLE odd (id int PRIMARY KEY, pay money, raw bytea,"
            + " twice int GENERATED ALWAYS AS (id * 2) STORED)");
    List<PreflightFinding> findings = open().preflight(patterns("part", "looks", "none", "odd"));
    assertThat(findings.stream().map(PreflightFinding::message))
        .anyMatch(text -> text.contains("public.part is a partitioned table"))
        .anyMatch(text -> text.contains("public.looks is a view"))
        .anyMatch(text -> text.contains("No table is called public.none"))
        .anyMatch(text -> text.contains("lc_monetary") && text.contains("pay"))
        .anyMatch(text -> text.contains("bytea") && text.contains("raw"))
        .anyMatch(text -> text.contains("Generated columns") && text.contains("twice"));
  }
}
