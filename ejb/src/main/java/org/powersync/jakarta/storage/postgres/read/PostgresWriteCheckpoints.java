package org.powersync.jakarta.storage.postgres.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.WriteCheckpoints;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * Managed write checkpoints in {@code write_checkpoints}. Users are written in the order of their
 * ids, so that two calls never wait for each other in a circle.
 */
public final class PostgresWriteCheckpoints implements WriteCheckpoints {
  /** Numbers end at the greatest there is, which a client may have supplied. */
  private static final String GENERATE =
      """
      INSERT INTO powersync.write_checkpoints AS stored (user_id, write_checkpoint, lsns)
      SELECT user_id, 1, jsonb_build_object('1', head)
        FROM unnest(?::text[], ?::text[]) AS asked(user_id, head)
          ON CONFLICT (user_id) DO UPDATE
         SET write_checkpoint = least(stored.write_checkpoint, 9223372036854775806) + 1,
             lsns = excluded.lsns,
             checkpoint_requested_at = NULL
      RETURNING user_id, write_checkpoint
      """;

  /** A number below the stored one changes nothing; the same one only renews its time. */
  private static final String SUPPLY =
      """
      INSERT INTO powersync.write_checkpoints AS stored
             (user_id, write_checkpoint, lsns, checkpoint_requested_at)
      SELECT user_id, number, jsonb_build_object('1', head), now()
        FROM unnest(?::text[], ?::text[], ?::int8[]) AS asked(user_id, head, number)
          ON CONFLICT (user_id) DO UPDATE
         SET write_checkpoint = excluded.write_checkpoint,
             lsns = CASE WHEN excluded.write_checkpoint > stored.write_checkpoint
                         THEN excluded.lsns ELSE stored.lsns END,
             checkpoint_requested_at = excluded.checkpoint_requested_at
       WHERE excluded.write_checkpoint >= stored.write_checkpoint
      RETURNING user_id, write_checkpoint
      """;

  private static final String STORED =
      "SELECT user_id, write_checkpoint FROM powersync.write_checkpoints WHERE user_id = ANY (?)";

  private static final String EFFECTIVE =
      """
      SELECT user_id, write_checkpoint
        FROM powersync.write_checkpoints
       WHERE user_id = ANY (?) AND (lsns ->> '1') COLLATE "C" <= ?
      """;

  private final SqlTransactions sql;

  public PostgresWriteCheckpoints(SqlTransactions sql) {
    this.sql = sql;
  }

  @Override
  public Result create(List<Request> requests) {
    if (requests.isEmpty()) {
      return new Result(Map.of(), false);
    }
    List<Request> generated = new ArrayList<>();
    List<Request> supplied = new ArrayList<>();
    for (Request request : onePerUser(requests)) {
      (request.requestId().isPresent() ? supplied : generated).add(request);
    }
    Map<String, Long> numbers =
        sql.call("store write checkpoints", connection -> store(connection, generated, supplied));
    return new Result(numbers, true);
  }

  @Override
  public Map<String, Long> effective(Collection<String> userIds, Optional<Lsn> position) {
    if (userIds.isEmpty() || position.isEmpty()) {
      return Map.of();
    }
    return sql.autocommit(
        "read write checkpoints",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(EFFECTIVE)) {
            statement.setArray(1, connection.createArrayOf("text", userIds.toArray()));
            statement.setString(2, position.get().value());
            return numbers(statement);
          }
        });
  }

  /**
   * The request that counts of each user, by user id: the greatest number supplied, the first of
   * equals; else the last of those without one.
   */
  private static Collection<Request> onePerUser(List<Request> requests) {
    Map<String, Request> chosen = new TreeMap<>();
    for (Request request : requests) {
      chosen.merge(request.userId(), request, PostgresWriteCheckpoints::stronger);
    }
    return chosen.values();
  }

  private static Request stronger(Request before, Request later) {
    if (before.requestId().isEmpty()) {
      return later;
    }
    return later.requestId().isPresent()
            && later.requestId().getAsLong() > before.requestId().getAsLong()
        ? later
        : before;
  }

  private static Map<String, Long> store(
      Connection connection, List<Request> generated, List<Request> supplied) throws SQLException {
    Map<String, Long> numbers = new HashMap<>();
    if (!generated.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(GENERATE)) {
        setUsersAndHeads(connection, statement, generated);
        numbers.putAll(numbers(statement));
      }
    }
    if (!supplied.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(SUPPLY)) {
        setUsersAndHeads(connection, statement, supplied);
        Object[] ids = supplied.stream().map(request -> request.requestId().getAsLong()).toArray();
        statement.setArray(3, connection.createArrayOf("int8", ids));
        numbers.putAll(numbers(statement));
      }
      numbers.putAll(unchanged(connection, supplied, numbers));
    }
    return numbers;
  }

  /** Numbers of users whose stored one is greater than what they asked for. */
  private static Map<String, Long> unchanged(
      Connection connection, List<Request> supplied, Map<String, Long> changed)
      throws SQLException {
    Object[] users =
        supplied.stream().map(Request::userId).filter(id -> !changed.containsKey(id)).toArray();
    if (users.length == 0) {
      return Map.of();
    }
    try (PreparedStatement statement = connection.prepareStatement(STORED)) {
      statement.setArray(1, connection.createArrayOf("text", users));
      return numbers(statement);
    }
  }

  private static void setUsersAndHeads(
      Connection connection, PreparedStatement statement, List<Request> requests)
      throws SQLException {
    Object[] users = requests.stream().map(Request::userId).toArray();
    Object[] heads = requests.stream().map(request -> request.head().value()).toArray();
    statement.setArray(1, connection.createArrayOf("text", users));
    statement.setArray(2, connection.createArrayOf("text", heads));
  }

  private static Map<String, Long> numbers(PreparedStatement statement) throws SQLException {
    Map<String, Long> numbers = new HashMap<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        numbers.put(rows.getString(1), rows.getLong(2));
      }
    }
    return numbers;
  }
}
