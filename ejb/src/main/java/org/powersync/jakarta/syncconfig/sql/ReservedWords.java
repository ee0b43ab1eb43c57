package org.powersync.jakarta.syncconfig.sql;

import java.util.Set;

/**
 * The words that cannot be names without quotes (sync config 4.1): PostgreSQL's reserved ones,
 * those it allows for functions and types included, and PRECISION; but not PRIMARY and UNIQUE.
 */
final class ReservedWords {
  private static final Set<String> RESERVED =
      words(
          """
          all analyse analyze and any array as asc asymmetric authorization binary both case cast
          check collate collation column concurrently constraint create cross current_catalog
          current_date current_role current_schema current_time current_timestamp current_user
          default deferrable desc distinct do else end except false fetch for foreign freeze from
          full grant group having ilike in initially inner intersect into is isnull join lateral
          leading left like limit localtime localtimestamp natural not notnull null offset on only
          or order outer overlaps placing precision references returning right select session_user
          similar some symmetric table tablesample then to trailing true union user using variadic
          verbose when where window with
          """);

  private static final Set<String> VALUES =
      words(
          """
          current_catalog current_date current_role current_schema current_time current_timestamp
          current_user localtime localtimestamp session_user user
          """);

  private static final Set<String> FUNCTIONS = Set.of("any", "some", "all", "left", "right");

  private ReservedWords() {}

  static boolean contains(String lowerCase) {
    return RESERVED.contains(lowerCase);
  }

  /** Whether the word stands for a value, like {@code current_date}. */
  static boolean isValue(Token token) {
    return token.kind() == Token.Kind.RESERVED && VALUES.contains(token.text());
  }

  /** Whether the word can be called like a function, {@code any(x)}. */
  static boolean isFunction(Token token) {
    return token.kind() == Token.Kind.RESERVED && FUNCTIONS.contains(token.text());
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
