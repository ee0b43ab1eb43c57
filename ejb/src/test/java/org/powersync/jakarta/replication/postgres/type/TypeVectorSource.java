package org.powersync.jakarta.replication.postgres.type;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Insert;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.pgoutput.SlotReader;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A source database with one schema and table per group of vectors, read by queries and through
 * {@code pgoutput}. Columns: the id of the vector and its value.
 */
final class TypeVectorSource implements AutoCloseable {
  private static final String MONEY = "SET lc_monetary = 'C'";

  private final SlotReader slot;
  private final Connection connection;
  private final TypeRegistry types = new TypeRegistry();
  private final Map<Long, Relation> relations = new HashMap<>();
  private final Map<String, Insert> inserts = new HashMap<>();
  private final Set<String> tables = new HashSet<>();

  TypeVectorSource(TestPostgres.Database database) throws SQLException {
    this.connection = SlotReader.connections(database).query();
    execute(MONEY);
    this.slot = new SlotReader(database);
  }

  void create(int group, String type, List<String> setup) throws SQLException {
    execute("CREATE SCHEMA g" + group);
    for (String sql : setup) {
      String schema = sql.startsWith("CREATE EXTENSION") ? "public" : "g" + group + ", public";
      execute("SET search_path = " + schema, sql);
    }
    execute(
        "SET search_path = g" + group + ", public",
        "CREATE TABLE " + table(group) + " (id text PRIMARY KEY, value " + type + ")",
        "SET search_path = DEFAULT");
    tables.add("t" + group);
  }

  void insert(int group, TypeVector vector) throws SQLException {
    execute(
        "SET search_path = g" + group + ", public",
        "INSERT INTO " + table(group) + " VALUES ('" + vector.id() + "', " + vector.sql() + ")",
        "SET search_path = DEFAULT");
  }

  /** Reads the whole stream, and keeps the row of each vector. */
  void readStream() throws SQLException {
    // The text of money depends on this one as well, which is not a required setting.
    for (PgOutputMessage message : slot.readAll(MONEY)) {
      take(message);
    }
  }

  private void take(PgOutputMessage message) throws SQLException {
    if (message instanceof Relation relation) {
      relations.put(relation.oid(), relation);
      types.refresh(connection, relation.typeOids());
    } else if (message instanceof Insert insert
        && tables.contains(relations.get(insert.relationOid()).name())) {
      SqlValue id = insert.after().value(0, ScalarDecoder.VERBATIM);
      String table = relations.get(insert.relationOid()).name();
      inserts.put(table + "/" + ((SqlValue.Text) id).value(), insert);
    }
  }

  boolean holds(int group, String vector) {
    return inserts.containsKey(key(group, vector));
  }

  /** The text that the server printed on a path; null for NULL. */
  String text(int group, String vector, ReadPath path) throws SQLException {
    if (path == ReadPath.STREAM) {
      SqlValue text = inserts.get(key(group, vector)).after().value(1, ScalarDecoder.VERBATIM);
      return text instanceof SqlValue.Text value ? value.value() : null;
    }
    try (PreparedStatement select =
        connection.prepareStatement("SELECT value FROM " + table(group) + " WHERE id = ?")) {
      select.setString(1, vector);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  /** Decodes a text as the value of a vector, with the type its column has on a path. */
  SqlValue decode(
      int group, String vector, ReadPath path, Compatibility compatibility, String text) {
    Relation relation = relations.get(inserts.get(key(group, vector)).relationOid());
    long type = relation.columns().get(1).typeOid();
    ValueDecoder decoder = types.decoder(type, compatibility, path);
    if (text == null) {
      return SqlValue.NULL;
    }
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return decoder.decode(bytes, 1, bytes.length - 2);
  }

  private static String key(int group, String vector) {
    return "t" + group + "/" + vector;
  }

  private static String table(int group) {
    return "g" + group + ".t" + group;
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
