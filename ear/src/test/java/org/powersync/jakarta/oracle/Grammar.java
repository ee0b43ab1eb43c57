package org.powersync.jakarta.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes random sync configs over the tables of {@link SourceHistory}, and beside each definition
 * the SQL of what a user shall see. The SQL is written by hand for each form; nothing of the
 * product takes part.
 */
final class Grammar {
  private final Random random;
  private final int edition;

  Grammar(Random random, int edition) {
    this.random = random;
    this.edition = edition;
  }

  /**
   * A config of this edition.
   *
   * @param prefix of the names of its definitions
   */
  GeneratedConfig config(String prefix) {
    List<Rule> rules = new ArrayList<>();
    rules.add(clock(prefix + "_clock"));
    int count = 3 + random.nextInt(3);
    for (int i = 1; i <= count; i++) {
      String name = prefix + "_d" + i;
      rules.add(
          edition == 3 || edition == 2 && random.nextInt(3) == 0 ? stream(name) : buckets(name));
    }
    return new GeneratedConfig(edition, 2 + random.nextInt(2), rules);
  }

  private Rule clock(String name) {
    String query = "SELECT id, version FROM clock AS " + name;
    List<String> yaml =
        edition == 3
            ? List.of("auto_subscribe: true", "query: " + query)
            : List.of("data:", "  - " + query);
    return new Rule(
        name,
        yaml,
        "SELECT '"
            + name
            + "', id, jsonb_build_object('id', id, 'version', version)::text"
            + " FROM clock",
        false);
  }

  private Rule buckets(String name) {
    return switch (random.nextInt(7)) {
      case 0 -> bucketsOfLists(name, null, "", "");
      case 1 ->
          bucketsOfLists(
              name, "SELECT request.user_id() AS u", "owner = bucket.u", "owner = $USER");
      case 2 ->
          bucketsOfLists(
              name,
              "SELECT kind AS k FROM lists WHERE owner = request.user_id()",
              "kind = bucket.k",
              "kind IN (SELECT kind FROM lists WHERE owner = $USER)");
      case 3 ->
          bucketsOfLists(
              name, "SELECT request.user_id() AS u", "bucket.u IN tags", "tags @> ARRAY[$USER]");
      case 4 -> {
        Condition owned = Condition.onLists(random);
        yield bucketsOfTodos(
            name,
            "SELECT id AS list FROM lists WHERE owner = request.user_id()" + owned.config("AND"),
            "list_id = bucket.list",
            "list_id IN (SELECT id FROM lists WHERE owner = $USER" + owned.source("AND") + ")");
      }
      case 5 ->
          bucketsOfTodos(
              name,
              "SELECT list_id FROM members WHERE user_id = request.user_id()",
              "list_id = bucket.list_id",
              "list_id IN (SELECT list_id FROM members WHERE user_id = $USER)");
      default ->
          bucketsOfTodos(
              name,
              "SELECT list_id, user_id FROM members WHERE user_id = request.user_id()",
              "list_id = bucket.list_id AND owner = bucket.user_id",
              "owner = $USER AND list_id IN (SELECT list_id FROM members WHERE user_id = $USER)");
    };
  }

  private Rule bucketsOfLists(String name, String parameters, String config, String source) {
    Condition rows = Condition.onLists(random);
    Projection columns = Projection.ofLists(random);
    return buckets(
        name,
        "lists",
        parameters,
        columns,
        and(config, rows.config("")),
        and(source, rows.source("")));
  }

  private Rule bucketsOfTodos(String name, String parameters, String config, String source) {
    Condition rows = Condition.onTodos(random);
    Projection columns = Projection.ofTodos(random);
    return buckets(
        name,
        "todos",
        parameters,
        columns,
        and(config, rows.config("")),
        and(source, rows.source("")));
  }

  private Rule buckets(
      String name,
      String table,
      String parameters,
      Projection columns,
      String config,
      String source) {
    List<String> yaml = new ArrayList<>();
    yaml.add("priority: " + (1 + random.nextInt(3)));
    if (parameters != null) {
      yaml.add("parameters: " + parameters);
    }
    yaml.add("data:");
    yaml.add("  - SELECT " + columns.config("") + " FROM " + table + " AS " + name + where(config));
    return new Rule(name, yaml, expected(name, table, columns, source), false);
  }

  private Rule stream(String name) {
    boolean lists = random.nextBoolean();
    Projection columns = lists ? Projection.ofLists(random) : Projection.ofTodos(random);
    Condition rows = lists ? Condition.onLists(random) : Condition.onTodos(random);
    String table = lists ? "lists" : "todos";
    String list = lists ? "id" : "list_id";
    String joined = "";
    String config;
    String source;
    boolean subscribed = false;
    switch (random.nextInt(lists ? 5 : 4)) {
      case 0 -> {
        config = "owner = auth.user_id()";
        source = "owner = $USER";
      }
      case 1 -> {
        config = list + " IN (SELECT list_id FROM members WHERE user_id = auth.user_id())";
        source = list + " IN (SELECT list_id FROM members WHERE user_id = $USER)";
      }
      case 2 -> {
        config =
            "(owner = auth.user_id() OR "
                + list
                + " IN (SELECT list_id FROM members WHERE user_id = auth.user_id()))";
        source =
            "(owner = $USER OR "
                + list
                + " IN (SELECT list_id FROM members WHERE user_id = $USER))";
      }
      case 3 -> {
        source = list + " IN (SELECT list_id FROM members WHERE user_id = $USER)";
        if (edition == 3) {
          joined = " JOIN members ON members.list_id = " + name + "." + list;
          config = "members.user_id = auth.user_id()";
          rows = new Condition("", "");
        } else {
          config = list + " IN (SELECT list_id FROM members WHERE user_id = auth.user_id())";
        }
      }
      default -> {
        config = "kind = subscription.parameter('kind')";
        source = "kind IN ($KINDS)";
        subscribed = true;
      }
    }
    if (!joined.isEmpty()) {
      columns = columns.plain();
    }
    List<String> yaml = new ArrayList<>();
    yaml.add("auto_subscribe: " + !subscribed);
    yaml.add("accept_potentially_dangerous_queries: true");
    if (edition == 3) {
      yaml.add("priority: " + (1 + random.nextInt(3)));
    }
    yaml.add(
        "query: SELECT "
            + columns.config(joined.isEmpty() ? "" : name)
            + " FROM "
            + table
            + " AS "
            + name
            + joined
            + where(and(config, rows.config(""))));
    return new Rule(
        name, yaml, expected(name, table, columns, and(source, rows.source(""))), subscribed);
  }

  private static String expected(String name, String table, Projection columns, String source) {
    return "SELECT '" + name + "', id, " + columns.source() + " FROM " + table + where(source);
  }

  private static String and(String first, String second) {
    return first.isBlank() || second.isBlank()
        ? first.strip() + second.strip()
        : first.strip() + " AND " + second.strip();
  }

  private static String where(String condition) {
    return condition.isBlank() ? "" : " WHERE " + condition;
  }
}
