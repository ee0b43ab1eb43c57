package org.powersync.jakarta.replication.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.fixture.TestPostgres;

class TableDefinitionIT {
  private final TestPostgres.Database database = TestPostgres.shared().createDatabase("definition");

  private Optional<String> definition(long oid) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.createStatement().execute("SET lock_timeout = '2s'");
      return TableCatalogue.definition(connection, oid);
    }
  }

  private long create() {
    database.execute("CREATE TABLE lists (id text PRIMARY KEY, name text)");
    return Long.parseLong(database.query("SELECT 'lists'::regclass::oid").get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE lists ADD note text",
        "ALTER TABLE lists DROP name",
        "ALTER TABLE lists ALTER name TYPE varchar",
        "ALTER TABLE lists RENAME TO others",
        "ALTER TABLE lists RENAME name TO title",
        "ALTER TABLE lists REPLICA IDENTITY FULL",
        "ALTER TABLE lists DROP CONSTRAINT lists_pkey",
        "CREATE SCHEMA elsewhere; ALTER TABLE lists SET SCHEMA elsewhere"
      })
  void changesWithTheTable(String change) throws Exception {
    long oid = create();
    Optional<String> before = definition(oid);
    assertThat(definition(oid)).isPresent().isEqualTo(before);
    database.execute(change);
    assertThat(definition(oid)).isPresent().isNotEqualTo(before);
  }

  @Test
  void isEmptyWhenTheTableIsGone() throws Exception {
    long oid = create();
    database.execute("DROP TABLE lists");
    assertThat(definition(oid)).isEmpty();
  }

  /** Unlike the view of publications, which opens all that are published. */
  @Test
  void waitsForNoTable() throws Exception {
    long oid = create();
    database.execute("CREATE TABLE todos (id int)", "CREATE PUBLICATION powersync FOR ALL TABLES");
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE lists, todos IN ACCESS EXCLUSIVE MODE");
      assertThat(definition(oid)).isPresent();
    }
  }
}
