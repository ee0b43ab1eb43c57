package org.powersync.jakarta.replication.postgres.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class TypeRegistryIT {
  /** {@code regcollation} and {@code xid8}. */
  private static final Set<Long> NEW_IN_13 = Set.of(4191L, 5069L);

  private static final Compatibility LEGACY = Compatibility.ofEdition(1);
  private static final Compatibility MODERN = Compatibility.ofEdition(2);

  private final TypeRegistry types = new TypeRegistry();
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = TestPostgres.shared().createDatabase("registry").connect();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void builtinArraysAreThoseOfTheServer() throws SQLException {
    for (Map.Entry<Long, Long> array : BuiltinTypes.arrays().entrySet()) {
      if (TestPostgres.shared().major() < 13 && NEW_IN_13.contains(array.getValue())) {
        continue;
      }
      String typarray = "(SELECT typarray FROM pg_type WHERE oid = " + array.getValue() + ")";
      assertThat(text(typarray)).isEqualTo(array.getKey().toString());
    }
  }

  @Test
  void resolvesTypesThroughAllTheirParts() throws SQLException {
    execute(
        "CREATE DOMAIN rating AS float8",
        "CREATE TYPE inner_c AS (r rating[], at timestamp, raw bytea)",
        "CREATE TYPE outer_c AS (i inner_c[], span int4range)");
    types.resolve(connection, List.of(23L, oid("outer_c")));
    String text =
        text(
            "ROW(ARRAY[ROW('{1,2}','2020-01-01 10:00','\\x00')::inner_c, NULL],"
                + " '[1,5)')::outer_c");
    assertThat(decode("outer_c", MODERN, text))
        .isEqualTo(
            SqlValue.of(
                "{\"i\":[{\"r\":[1.0,2.0],\"at\":\"2020-01-01T10:00:00.000000\"},null],"
                    + "\"span\":{\"lower\":1,\"upper\":5,"
                    + "\"lower_exclusive\":0,\"upper_exclusive\":1}}"));
  }

  @Test
  void resolvesMultirangesThroughTheirRanges() throws SQLException {
    assumeTrue(TestPostgres.shared().major() >= 14, "older servers have no multiranges");
    execute("CREATE TYPE outer_c AS (spans int4multirange)");
    types.resolve(connection, List.of(oid("outer_c")));
    assertThat(decode("outer_c", MODERN, text("ROW('{[1,2),[4,)}')::outer_c")))
        .isEqualTo(
            SqlValue.of(
                "{\"spans\":[{\"lower\":1,\"upper\":2,"
                    + "\"lower_exclusive\":0,\"upper_exclusive\":1},"
                    + "{\"lower\":4,\"upper\":null,"
                    + "\"lower_exclusive\":0,\"upper_exclusive\":1}]}"));
  }

  @Tag("TYP-11")
  @Test
  void compositesListLiveAttributesOnly() throws SQLException {
    execute(
        "CREATE TYPE c AS (a int4, gone text, b text)",
        "ALTER TYPE c DROP ATTRIBUTE gone",
        "CREATE TABLE t (x int4, y text)",
        "CREATE TYPE nothing AS ()");
    types.resolve(connection, List.of(oid("c"), oid("t"), oid("nothing")));
    assertThat(decode("c", MODERN, text("ROW(1,'x')::c")))
        .isEqualTo(SqlValue.of("{\"a\":1,\"b\":\"x\"}"));
    assertThat(decode("t", MODERN, text("ROW(1,'\"q\"')::t")))
        .isEqualTo(SqlValue.of("{\"x\":1,\"y\":\"\\\"q\\\"\"}"));
    assertThat(decode("nothing", MODERN, text("ROW()::nothing"))).isEqualTo(SqlValue.of("{}"));
  }

  @Test
  void anAlteredCompositeStaysAsPrintedUntilItIsReadAgain() throws SQLException {
    execute("CREATE TYPE c AS (a int4)");
    types.resolve(connection, List.of(oid("c")));
    execute("ALTER TYPE c ADD ATTRIBUTE b text");
    ValueDecoder before = types.decoder(oid("c"), MODERN, ReadPath.STREAM);
    assertThat(types.stale()).isFalse();
    assertThat(before.decode("(1,x)")).isEqualTo(SqlValue.of("(1,x)"));
    assertThat(types.stale()).isTrue();
    assertThat(types.refreshStale(connection)).isTrue();
    assertThat(types.stale()).isFalse();
    assertThat(decode("c", MODERN, "(1,x)")).isEqualTo(SqlValue.of("{\"a\":1,\"b\":\"x\"}"));
  }

  @Test
  void refreshSeesWhatResolveKnowsAlready() throws SQLException {
    execute("CREATE TYPE c AS (a int4)", "CREATE TYPE wrapper AS (c c)");
    types.resolve(connection, List.of(oid("wrapper")));
    execute("ALTER TYPE c RENAME ATTRIBUTE a TO z");
    types.resolve(connection, List.of(oid("wrapper")));
    assertThat(decode("wrapper", MODERN, "(\"(1)\")")).isEqualTo(SqlValue.of("{\"c\":{\"a\":1}}"));
    types.refresh(connection, List.of(oid("wrapper")));
    assertThat(decode("wrapper", MODERN, "(\"(1)\")")).isEqualTo(SqlValue.of("{\"c\":{\"z\":1}}"));
  }

  @Test
  void droppedTypesAreText() throws SQLException {
    execute("CREATE TYPE c AS (a int4)");
    long oid = oid("c");
    execute("DROP TYPE c");
    types.resolve(connection, List.of(oid));
    assertThat(types.decoder(oid, MODERN, ReadPath.STREAM).decode("(1)"))
        .isEqualTo(SqlValue.of("(1)"));
  }

  @Test
  void domainsWithoutCustomTypesDifferByPath() throws SQLException {
    execute("CREATE DOMAIN inner_d AS int8", "CREATE DOMAIN outer_d AS inner_d");
    types.resolve(connection, List.of(oid("outer_d")));
    ValueDecoder queried = types.decoder(oid("outer_d"), LEGACY, ReadPath.SNAPSHOT);
    ValueDecoder streamed = types.decoder(oid("outer_d"), LEGACY, ReadPath.STREAM);
    assertThat(queried.decode("7")).isEqualTo(SqlValue.of(7));
    assertThat(queried.sqliteType()).isEqualTo(SqliteType.INTEGER);
    assertThat(streamed.decode("7")).isEqualTo(SqlValue.of("7"));
    assertThat(types.readPathMatters(oid("outer_d"), LEGACY)).isTrue();
    assertThat(types.readPathMatters(oid("outer_d"), MODERN)).isFalse();
    assertThat(types.readPathMatters(20, LEGACY)).isFalse();
  }

  @Tag("TYP-14")
  @Test
  void compositesNestedTooDeepFailTheRowAndAreNotTakenAsPrinted() throws SQLException {
    execute("CREATE TYPE c1 AS (v int4)");
    String text = "(1)";
    for (int depth = 2; depth <= 12; depth++) {
      execute("CREATE TYPE c" + depth + " AS (v c" + (depth - 1) + ")");
    }
    types.resolve(connection, List.of(oid("c12")));
    for (int depth = 2; depth <= 11; depth++) {
      text = text("ROW('" + text + "')::c" + depth);
    }
    assertThat(decode("c11", MODERN, text)).isEqualTo(SqlValue.of(objects(11)));
    String tooDeep = text("ROW('" + text + "')::c12");
    assertThatThrownBy(() -> decode("c12", MODERN, tooDeep))
        .isInstanceOf(NestingTooDeepException.class);
    assertThat(decode("c12", LEGACY, tooDeep)).isEqualTo(SqlValue.of(tooDeep));
  }

  private static String objects(int depth) {
    return "{\"v\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  private SqlValue decode(String type, Compatibility compatibility, String text)
      throws SQLException {
    return types.decoder(oid(type), compatibility, ReadPath.STREAM).decode(text);
  }

  private long oid(String type) throws SQLException {
    return Long.parseLong(text("to_regtype('" + type + "')::oid"));
  }

  private String text(String expression) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT (" + expression + ")::text")) {
      row.next();
      return row.getString(1);
    }
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
