package org.powersync.jakarta.replication.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Begin;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Commit;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Delete;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Insert;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.LogicalMessage;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Truncate;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Type;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Update;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What a real server sends, decoded. */
@Timeout(60)
class StreamedChangesIT {
  private static final String LARGE = "repeat(md5('x'), 3000)";

  private TestPostgres.Database database;
  private SlotReader slot;

  @BeforeEach
  void createSource() {
    database = TestPostgres.shared().createDatabase("streamed");
    slot = new SlotReader(database);
  }

  @Test
  void aTransactionIsFramedByBeginAndCommit() throws SQLException {
    database.execute("CREATE TABLE t (id int4 PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    List<PgOutputMessage> messages = withoutEmptyTransactions(slot.readAll());
    Begin begin = (Begin) messages.get(0);
    Commit commit = (Commit) messages.get(messages.size() - 1);
    assertThat(commit.commitLsn()).isEqualTo(begin.finalLsn());
    assertThat(commit.endLsn()).isGreaterThan(commit.commitLsn());
    assertThat(commit.commitTime()).isEqualTo(begin.commitTime());
    assertThat(messages.get(1)).isInstanceOf(Relation.class);
  }

  @Test
  void largeValuesThatDidNotChangeAreAbsentOrComeFromTheOldRow() throws SQLException {
    database.execute(
        "CREATE TABLE t (id text PRIMARY KEY, n int4, big text)",
        "ALTER TABLE t ALTER big SET STORAGE EXTERNAL",
        "INSERT INTO t VALUES ('a', 1, " + LARGE + ")",
        "UPDATE t SET n = 2",
        "UPDATE t SET id = 'b'",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "UPDATE t SET n = 3",
        "DELETE FROM t");
    Map<Long, RelationLayout> layouts = new HashMap<>();
    List<RelationLayout.IdentifiedRow> rows = new ArrayList<>();
    List<Update> updates = new ArrayList<>();
    Delete delete = null;
    RelationLayout layout = null;
    for (PgOutputMessage message : slot.readAll()) {
      if (message instanceof Relation relation) {
        layout = RelationLayout.of(relation, new TypeRegistry(), Compatibility.ofEdition(3));
        layouts.put(relation.oid(), layout);
      } else if (message instanceof Update update) {
        updates.add(update);
        rows.add(layouts.get(update.relationOid()).after(update));
      } else if (message instanceof Delete last) {
        delete = last;
      }
    }
    assertThat(updates.get(0).before()).isNull();
    assertThat(rows.get(0).row().value("n")).isEqualTo(SqlValue.of(2));
    assertThat(rows.get(0).row().value("big")).isEqualTo(SqlValue.ABSENT);

    assertThat(updates.get(1).before().kind()).isEqualTo(Tuple.Kind.KEY);
    assertThat(rows.get(1).row().complete()).isFalse();
    assertThat(rows.get(1).identity()).isNotEqualTo(rows.get(0).identity());

    assertThat(updates.get(2).before().kind()).isEqualTo(Tuple.Kind.OLD);
    assertThat(rows.get(2).row().complete()).isTrue();
    assertThat(layout.relation().identity()).isEqualTo(ReplicaIdentity.FULL);
    assertThat(layout.identity(delete.before(), null)).isEqualTo(rows.get(2).identity());
  }

  @Test
  void truncatesListAllTables() throws SQLException {
    database.execute(
        "CREATE TABLE parent (id int4 PRIMARY KEY)",
        "CREATE TABLE child (id int4 PRIMARY KEY REFERENCES parent)",
        "TRUNCATE parent CASCADE");
    Truncate truncate = first(slot.readAll(), Truncate.class);
    assertThat(truncate.relationOids()).hasSize(2);
    assertThat(truncate.cascade()).isTrue();
    assertThat(truncate.restartIdentity()).isFalse();
  }

  @Test
  void messagesCarryTheirContent() throws SQLException {
    assumeTrue(TestPostgres.shared().major() >= 14, "older servers do not stream messages");
    database.execute("SELECT pg_logical_emit_message(true, 'powersync', 'ping')");
    LogicalMessage ping = first(slot.readAll(), LogicalMessage.class);
    assertThat(ping.transactional()).isTrue();
    assertThat(new String(ping.content(), StandardCharsets.US_ASCII)).isEqualTo("ping");
  }

  /** The server sends no Relation message for this; only the values tell. */
  @Test
  void anAlteredCompositeIsNoticedByItsValues() throws SQLException {
    database.execute("CREATE TYPE c AS (a int4)", "CREATE TABLE t (id int4 PRIMARY KEY, v c)");
    long type = typeOf("c");
    TypeRegistry types = new TypeRegistry();
    try (Connection connection = database.connect()) {
      types.resolve(connection, List.of(type));
      database.execute(
          "INSERT INTO t VALUES (1, ROW(1))",
          "ALTER TYPE c ADD ATTRIBUTE b text",
          "INSERT INTO t VALUES (2, ROW(1, 'x'))");
      List<PgOutputMessage> messages = slot.readAll();
      assertThat(all(messages, Type.class)).containsExactly(new Type(type, "public", "c"));
      Relation relation = all(messages, Relation.class).get(0);
      assertThat(all(messages, Relation.class)).hasSize(1);
      List<Insert> inserts = all(messages, Insert.class);

      RelationLayout layout = RelationLayout.of(relation, types, Compatibility.ofEdition(2));
      assertThat(layout.insert(inserts.get(0)).row().value("v"))
          .isEqualTo(SqlValue.of("{\"a\":1}"));
      assertThat(layout.insert(inserts.get(1)).row().value("v")).isEqualTo(SqlValue.of("(1,x)"));
      assertThat(types.refreshStale(connection)).isTrue();
      layout = RelationLayout.of(relation, types, Compatibility.ofEdition(2));
      assertThat(layout.insert(inserts.get(1)).row().value("v"))
          .isEqualTo(SqlValue.of("{\"a\":1,\"b\":\"x\"}"));
    }
  }

  private long typeOf(String name) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT '" + name + "'::regtype::oid::int8")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<PgOutputMessage> withoutEmptyTransactions(List<PgOutputMessage> messages) {
    List<PgOutputMessage> kept = new ArrayList<>();
    for (PgOutputMessage message : messages) {
      if (message instanceof Commit && kept.get(kept.size() - 1) instanceof Begin) {
        kept.remove(kept.size() - 1);
      } else {
        kept.add(message);
      }
    }
    return kept;
  }

  private static <T> T first(List<PgOutputMessage> messages, Class<T> type) {
    return all(messages, type).get(0);
  }

  private static <T> List<T> all(List<PgOutputMessage> messages, Class<T> type) {
    return messages.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
