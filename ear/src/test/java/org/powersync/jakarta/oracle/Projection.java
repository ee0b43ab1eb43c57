package org.powersync.jakarta.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * Columns of a rule, chosen at random: how the sync config names them and how the source computes
 * them. What is long is compared by its hash.
 */
record Projection(List<Column> columns) {
  /** A column as the sync config has it, its name at the client, and what the source says. */
  record Column(String config, String name, String source) {
    static Column plain(String name) {
      return new Column(name, name, name);
    }
  }

  private static final List<Column> OF_LISTS =
      List.of(
          Column.plain("owner"),
          Column.plain("kind"),
          Column.plain("name"),
          new Column("archived", "archived", "archived::int"),
          new Column("meta", "meta", "meta::text"),
          new Column("tags", "tags", "to_json(tags)::text"),
          new Column("upper(name) AS shout", "shout", "upper(name)"),
          new Column("kind * 2 AS twice", "twice", "kind * 2"),
          new Column("name || '!' AS cry", "cry", "name || '!'"),
          new Column("length(name) AS size", "size", "length(name)"),
          new Column("ifnull(name, 'none') AS called", "called", "coalesce(name, 'none')"),
          new Column("meta ->> '$.tag' AS tag", "tag", "meta ->> 'tag'"));

  private static final List<Column> OF_TODOS =
      List.of(
          Column.plain("list_id"),
          Column.plain("n"),
          new Column("done", "done", "done::int"),
          new Column("body", "body", "md5(body)"),
          new Column("length(body) AS size", "size", "length(body)"),
          new Column("n + 1 AS next", "next", "n + 1"));

  static Projection ofLists(Random random) {
    return some(OF_LISTS, random);
  }

  static Projection ofTodos(Random random) {
    return some(OF_TODOS, random);
  }

  private static Projection some(List<Column> all, Random random) {
    List<Column> chosen = new ArrayList<>(List.of(Column.plain("id")));
    all.stream().filter(column -> random.nextInt(3) > 0).forEach(chosen::add);
    return new Projection(chosen);
  }

  /** Those that are plain columns. */
  Projection plain() {
    return new Projection(
        columns.stream().filter(column -> column.config().equals(column.name())).toList());
  }

  /** The select list of the sync config; {@code table} qualifies plain columns. */
  String config(String table) {
    StringJoiner list = new StringJoiner(", ");
    for (Column column : columns) {
      boolean plain = column.config().equals(column.name());
      list.add(table.isEmpty() || !plain ? column.config() : table + "." + column.config());
    }
    return list.toString();
  }

  /** What the source selects: the row as a JSON object. */
  String source() {
    StringJoiner members = new StringJoiner(", ");
    columns.forEach(column -> members.add("'" + column.name() + "', " + column.source()));
    return "jsonb_build_object(" + members + ")::text";
  }
}
