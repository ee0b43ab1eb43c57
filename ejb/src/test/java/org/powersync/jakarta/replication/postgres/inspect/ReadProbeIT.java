package org.powersync.jakarta.replication.postgres.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.postgres.snapshot.CatalogueTable;
import org.powersync.jakarta.replication.postgres.snapshot.TableCatalogue;
import org.powersync.jakarta.syncconfig.TablePattern;

class ReadProbeIT {
  private static final String LOCKED =
      """
      SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
       WHERE c.relname LIKE 'test_%' AND l.granted\
      """;

  private final TestPostgres.Database database = TestPostgres.shared().createDatabase("probe");

  /** Who changes or truncates several tables would run into a deadlock with the probe of them. */
  @Test
  void noTableStaysLockedWhileTheNextIsProbed() throws Exception {
    database.execute("CREATE TABLE test_a (id int)", "CREATE TABLE test_b (id int)");
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      assertThat(ReadProbe.run(connection, tables(connection))).isEmpty();
      assertThat(database.query(LOCKED)).isEmpty();
    }
  }

  @Test
  void aTableThatSomebodyHasLockedIsNotWaitedForLong() throws Exception {
    database.execute("CREATE TABLE test_a (id int)");
    try (Connection connection = database.connect();
        Connection other = database.connect()) {
      connection.setAutoCommit(false);
      List<CatalogueTable> tables = tables(connection);
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE test_a IN ACCESS EXCLUSIVE MODE");
      assertThat(ReadProbe.run(connection, tables)).isEmpty();
    }
  }

  private static List<CatalogueTable> tables(Connection connection) throws Exception {
    return TableCatalogue.matching(
        connection, "default", List.of(new TablePattern("default", "public", "test_%")));
  }
}
