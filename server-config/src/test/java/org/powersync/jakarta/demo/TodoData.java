package org.powersync.jakarta.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** The to-do data set of the demonstration: three users, their lists and a few thousand to-dos. */
final class TodoData {
  private static final String[] STATEMENTS = {
    """
    CREATE TABLE IF NOT EXISTS users (
      id text PRIMARY KEY, name text NOT NULL, joined_at timestamptz NOT NULL DEFAULT now())
    """,
    """
    CREATE TABLE IF NOT EXISTS lists (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(), owner_id text NOT NULL REFERENCES users,
      name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())
    """,
    """
    CREATE TABLE IF NOT EXISTS todos (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      list_id uuid NOT NULL REFERENCES lists ON DELETE CASCADE,
      description text NOT NULL, done boolean NOT NULL DEFAULT false,
      changed_at timestamptz NOT NULL DEFAULT now())
    """,
    """
    INSERT INTO users (id, name) VALUES ('ann', 'Ann'), ('bob', 'Bob'), ('cleo', 'Cleo')
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO lists (owner_id, name)
    SELECT u.id, n.name FROM users u,
           (VALUES ('Groceries'), ('Work'), ('Travel'), ('Garden'), ('Books')) n (name)
     WHERE NOT EXISTS (SELECT 1 FROM lists)
    """,
    """
    INSERT INTO todos (list_id, description)
    SELECT l.id, l.name || ' number ' || n FROM lists l, generate_series(1, 300) n
     WHERE NOT EXISTS (SELECT 1 FROM todos)
    """
  };

  private static final String TICK =
      "UPDATE todos SET done = NOT done, changed_at = now()"
          + " WHERE id = (SELECT id FROM todos OFFSET floor(random() * ?) LIMIT 1)";
  private static final String ADD =
      "INSERT INTO todos (list_id, description)"
          + " SELECT id, 'New at ' || to_char(now(), 'HH24:MI:SS') FROM lists"
          + " ORDER BY random() LIMIT 1";
  private static final String FORGET =
      "DELETE FROM todos WHERE id ="
          + " (SELECT id FROM todos WHERE description LIKE 'New at %' ORDER BY changed_at LIMIT 1)";

  private final Random random = new Random();

  /** Creates tables, rows and the publication, as far as they are missing. */
  void create(Connection source) throws SQLException {
    try (Statement statement = source.createStatement()) {
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_publication WHERE pubname = 'powersync'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE PUBLICATION powersync FOR ALL TABLES");
    }
  }

  /** One small change, as a user of an application would make it. */
  void change(Connection source) throws SQLException {
    int dice = random.nextInt(10);
    change(source, dice < 7 ? TICK : dice < 9 ? ADD : FORGET);
  }

  /** A change of each kind. */
  void changeInEveryWay(Connection source) throws SQLException {
    change(source, TICK);
    change(source, ADD);
    change(source, FORGET);
  }

  private static void change(Connection source, String sql) throws SQLException {
    try (PreparedStatement statement = source.prepareStatement(sql)) {
      if (sql.equals(TICK)) {
        statement.setInt(1, 4500);
      }
      statement.executeUpdate();
    }
  }
}
