package org.powersync.jakarta.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.powersync.jakarta.fixture.TestPostgres;

/**
 * Random transactions on the source, one after the other. Each one moves the clock on, and says
 * before it commits what every user shall see from then on.
 */
final class SourceHistory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LISTS = 40;
  private static final int TODOS = 250;

  private static final String LISTS_TABLE =
      "CREATE TABLE lists (id text PRIMARY KEY, owner text, kind int, name text,"
          + " archived boolean NOT NULL DEFAULT false, meta jsonb, tags text[])";

  private static final String[] TABLES = {
    "CREATE TABLE clock (id text PRIMARY KEY, version bigint)",
    LISTS_TABLE,
    "CREATE TABLE todos (id text PRIMARY KEY, list_id text, owner text, n bigint,"
        + " done boolean NOT NULL DEFAULT false, body text)",
    "ALTER TABLE todos ALTER body SET STORAGE EXTERNAL",
    "CREATE TABLE members (id text PRIMARY KEY, user_id text, list_id text)",
    "INSERT INTO clock VALUES ('clock', 0)",
    "CREATE PUBLICATION powersync FOR ALL TABLES"
  };

  private final TestPostgres.Database source;
  private final List<GeneratedConfig> configs;
  private final Random random;
  private final Map<Long, Map<String, Map<String, String>>> versions = new ConcurrentHashMap<>();
  private final Map<Long, List<String>> statements = new ConcurrentHashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private volatile long last;

  SourceHistory(TestPostgres.Database source, List<GeneratedConfig> configs, Random random) {
    this.source = source;
    this.configs = configs;
    this.random = random;
    source.execute(TABLES);
  }

  /** The version that was committed last. */
  long last() {
    return last;
  }

  /**
   * What a user shall see at this version.
   *
   * @return rows by {@code rule/id}, in the form of {@link #canonical}
   */
  Map<String, String> expected(long version, int config, User user) {
    return versions.get(version).get(config + user.id());
  }

  /** All transactions, by version. */
  String toldFromTheStart() {
    return told(1, last);
  }

  /** What led to this version from the three before it. */
  String told(long version) {
    return told(version - 3, version);
  }

  private String told(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(each -> each + ": " + statements.get(each))
        .collect(Collectors.joining("\n"));
  }

  /** A transaction of some changes; now and then a large one, or one that comes to nothing. */
  void change(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE clock SET version = version + 1");
      int changes = random.nextInt(30) == 0 ? 300 : 1 + random.nextInt(10);
      int redefined = random.nextInt(30) == 0 ? random.nextInt(changes) : -1;
      int churned = random.nextInt(300) == 0 ? random.nextInt(changes) : -1;
      List<String> told = new ArrayList<>();
      for (int i = 0; i < changes; i++) {
        String sql = i == redefined ? redefinition() : i == churned ? churn() : statement();
        statement.execute(sql);
        told.add(sql);
      }
      if (random.nextInt(25) == 0) {
        connection.rollback();
        return;
      }
      Map<String, Map<String, String>> seen = new HashMap<>();
      for (int config = 0; config < configs.size(); config++) {
        for (User user : User.ALL) {
          seen.put(config + user.id(), read(statement, configs.get(config).expected(user)));
        }
      }
      long version = last + 1;
      versions.put(version, seen);
      statements.put(version, told);
      connection.commit();
      last = version;
    }
  }

  private Map<String, String> read(Statement statement, String sql) throws SQLException {
    Map<String, String> found = new HashMap<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        String row = canonical(rows.getString(3));
        found.put(
            rows.getString(1) + "/" + rows.getString(2), texts.computeIfAbsent(row, text -> text));
      }
    }
    return found;
  }

  /** A row as text: members by name, those that are null left out. */
  static String canonical(String json) {
    try {
      return canonical(JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + json, e);
    }
  }

  static String canonical(JsonNode row) {
    Map<String, String> members = new TreeMap<>();
    row.properties()
        .forEach(
            member -> {
              if (!member.getValue().isNull()) {
                members.put(member.getKey(), member.getValue().toString());
              }
            });
    return members.toString();
  }

  private String statement() {
    return switch (random.nextInt(24)) {
      case 0, 1, 2 -> insertList();
      case 3, 4, 5, 6 -> insertTodo();
      case 7, 8 ->
          "INSERT INTO members VALUES ('m%d', '%s', '%s') ON CONFLICT (id) DO UPDATE SET list_id = excluded.list_id"
              .formatted(random.nextInt(60), user(), list());
      case 9 -> "UPDATE lists SET owner = '%s' WHERE id = '%s'".formatted(user(), list());
      case 10 -> "UPDATE lists SET " + listColumn() + " WHERE id = '" + list() + "'";
      case 11 -> "UPDATE todos SET list_id = '%s' WHERE id = '%s'".formatted(list(), todo());
      case 12, 13 -> "UPDATE todos SET " + todoColumn() + " WHERE id = '" + todo() + "'";
      case 14 -> changeKey("lists", list(), list());
      case 15 -> changeKey("todos", todo(), todo());
      case 16 -> "DELETE FROM members WHERE id = 'm" + random.nextInt(60) + "'";
      case 17 -> "DELETE FROM todos WHERE id = '" + todo() + "'";
      case 18 -> "DELETE FROM lists WHERE id = '" + list() + "'";
      case 19 -> rare();
      default -> insertTodo();
    };
  }

  private String rare() {
    return switch (random.nextInt(8)) {
      case 0 -> "TRUNCATE members";
      case 1 -> "TRUNCATE lists, todos";
      case 2 -> "DELETE FROM todos WHERE n > 500";
      case 3 -> "UPDATE todos SET n = n + 1, done = NOT done";
      default -> "UPDATE lists SET name = name";
    };
  }

  /** A change of a table itself; each makes the service copy rows again, or at least look. */
  private String redefinition() {
    return switch (random.nextInt(5)) {
      case 0 -> "ALTER TABLE todos REPLICA IDENTITY " + (random.nextBoolean() ? "FULL" : "DEFAULT");
      case 1 -> "ALTER TABLE lists REPLICA IDENTITY " + (random.nextBoolean() ? "FULL" : "DEFAULT");
      case 2 -> "DROP TABLE lists; " + LISTS_TABLE + "; " + insertList();
      case 3 -> "ALTER TABLE members ADD COLUMN IF NOT EXISTS note text";
      default -> "ALTER TABLE members DROP COLUMN IF EXISTS note";
    };
  }

  /** More changes than one transaction of the storage holds. */
  private String churn() {
    return "UPDATE lists SET kind = (kind + 1) % 7; ".repeat(200);
  }

  private String insertList() {
    return "INSERT INTO lists VALUES ('%s', '%s', %d, %s, %b, %s, %s) ON CONFLICT DO NOTHING"
        .formatted(
            list(), user(), random.nextInt(7), name(), random.nextInt(4) == 0, meta(), tags());
  }

  private String insertTodo() {
    return "INSERT INTO todos VALUES ('%s', '%s', '%s', %d, %b, %s) ON CONFLICT DO NOTHING"
        .formatted(todo(), list(), user(), random.nextInt(1000), random.nextBoolean(), body());
  }

  private String listColumn() {
    return switch (random.nextInt(5)) {
      case 0 -> "kind = " + random.nextInt(7);
      case 1 -> "name = " + name();
      case 2 -> "archived = NOT archived";
      case 3 -> "meta = " + meta();
      default -> "tags = " + tags();
    };
  }

  private String todoColumn() {
    return switch (random.nextInt(4)) {
      case 0 -> "n = " + random.nextInt(1000);
      case 1 -> "done = NOT done";
      case 2 -> "owner = '" + user() + "'";
      default -> "body = " + body();
    };
  }

  private static String changeKey(String table, String from, String to) {
    return "UPDATE %s SET id = '%s' WHERE id = '%s' AND NOT EXISTS (SELECT FROM %s WHERE id = '%s')"
        .formatted(table, to, from, table, to);
  }

  private String name() {
    return random.nextInt(6) == 0 ? "NULL" : "'list " + random.nextInt(12) + "'";
  }

  private String meta() {
    return switch (random.nextInt(4)) {
      case 0 -> "NULL";
      case 1 -> "'{\"tag\": \"red\", \"n\": " + random.nextInt(9) + "}'";
      case 2 -> "'{\"tag\": \"blue\", \"deep\": {\"x\": [1, 2.5, null]}}'";
      default -> "'{}'";
    };
  }

  private String tags() {
    return random.nextInt(4) == 0 ? "NULL" : "ARRAY['" + user() + "', '" + user() + "']";
  }

  /** Short, or so long that it is stored beside its row, uncompressed. */
  private String body() {
    return switch (random.nextInt(5)) {
      case 0 -> "NULL";
      case 1 -> "repeat(md5(random()::text), " + (300 + random.nextInt(300)) + ")";
      default -> "'short " + random.nextInt(100) + "'";
    };
  }

  private String list() {
    return "l" + random.nextInt(LISTS);
  }

  private String todo() {
    return "t" + random.nextInt(TODOS);
  }

  private String user() {
    return "u" + (1 + random.nextInt(6));
  }
}
