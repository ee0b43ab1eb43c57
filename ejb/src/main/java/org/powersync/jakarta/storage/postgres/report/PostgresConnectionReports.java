package org.powersync.jakarta.storage.postgres.report;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.powersync.jakarta.storage.ConnectionReports;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.entity.ConnectionReportRow;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;

/** Connection reports as entities; summaries are counted by the database. */
@ApplicationScoped
public class PostgresConnectionReports implements ConnectionReports {
  private static final String NOW = "r.disconnectedAt IS NULL AND r.tokenExpiresAt > :now";
  private static final String BETWEEN = "r.connectedAt BETWEEN :start AND :end";

  private final EntityTransactions transactions;
  private final Clock clock;

  /** For the container's proxy only. */
  protected PostgresConnectionReports() {
    transactions = null;
    clock = null;
  }

  @Inject
  public PostgresConnectionReports(StorageResources resources) {
    this(resources, Clock.systemUTC());
  }

  /** With a clock that says which day today is. */
  public PostgresConnectionReports(StorageResources resources, Clock clock) {
    this.transactions = resources.entities();
    this.clock = clock;
  }

  @Override
  public void connected(Connected reported) {
    Connected connection = toMillis(reported);
    Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    transactions.run(
        "report a connection",
        entities -> {
          lock(entities, connection);
          List<ConnectionReportRow> known =
              entities
                  .createQuery(
                      "SELECT r FROM ConnectionReportRow r WHERE r.userId = :user"
                          + " AND r.clientId = :client"
                          + " AND r.connectedAt >= :today AND r.connectedAt < :tomorrow",
                      ConnectionReportRow.class)
                  .setParameter("user", connection.userId())
                  .setParameter("client", connection.clientId())
                  .setParameter("today", today)
                  .setParameter("tomorrow", today.plus(1, ChronoUnit.DAYS))
                  .getResultList();
          known.forEach(row -> row.connect(connection));
          if (known.isEmpty()) {
            entities.persist(new ConnectionReportRow(UUID.randomUUID(), connection));
          }
        });
  }

  @Override
  public void disconnected(Disconnected connection) {
    transactions.run(
        "report the end of a connection",
        entities ->
            entities
                .createQuery(
                    "SELECT r FROM ConnectionReportRow r WHERE r.userId = :user"
                        + " AND r.clientId = :client AND r.connectedAt = :at",
                    ConnectionReportRow.class)
                .setParameter("user", connection.userId())
                .setParameter("client", connection.clientId())
                .setParameter("at", millis(connection.connectedAt()))
                .getResultList()
                .forEach(row -> row.disconnect(millis(connection.disconnectedAt()))));
  }

  @Override
  public Summary current() {
    return summary(NOW, Map.of("now", clock.instant()));
  }

  @Override
  public Summary between(Instant start, Instant end) {
    return summary(BETWEEN, Map.of("start", start, "end", end));
  }

  @Override
  public Page list(Query query) {
    List<String> conditions = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    condition(query.userId(), "r.userId = :user", "user", conditions, values);
    condition(query.clientId(), "r.clientId = :client", "client", conditions, values);
    condition(query.start(), "r.connectedAt >= :start", "start", conditions, values);
    condition(query.end(), "r.connectedAt <= :end", "end", conditions, values);
    condition(query.cursor(), "r.connectedAt < :cursor", "cursor", conditions, values);
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    if (query.userId().isEmpty() && query.clientId().filter(String::isEmpty).isPresent()) {
      // Connections without a client id have nothing in common but that.
      return new Page(List.of(), Optional.empty());
    }
    List<Entry> entries =
        transactions.call(
            "list connection reports",
            entities -> {
              TypedQuery<ConnectionReportRow> rows =
                  entities.createQuery(
                      "SELECT r FROM ConnectionReportRow r"
                          + where
                          + " ORDER BY r.connectedAt DESC, r.id",
                      ConnectionReportRow.class);
              values.forEach(rows::setParameter);
              return rows.setMaxResults(query.limit())
                  .getResultStream()
                  .map(ConnectionReportRow::entry)
                  .toList();
            });
    return new Page(
        entries,
        entries.size() == query.limit()
            ? Optional.of(entries.get(entries.size() - 1).connectedAt())
            : Optional.empty());
  }

  @Override
  public long deleteBefore(Instant time) {
    return transactions.call(
        "delete old connection reports",
        entities ->
            entities
                .createQuery(
                    "DELETE FROM ConnectionReportRow r WHERE r.connectedAt < :time AND"
                        + " (r.disconnectedAt IS NOT NULL OR r.tokenExpiresAt < :now)")
                .setParameter("time", time)
                .setParameter("now", clock.instant())
                .executeUpdate());
  }

  private Summary summary(String where, Map<String, Instant> values) {
    return transactions.call(
        "count connections",
        entities -> {
          TypedQuery<Long> users =
              entities.createQuery(
                  "SELECT COUNT(DISTINCT r.userId) FROM ConnectionReportRow r WHERE " + where,
                  Long.class);
          TypedQuery<Object[]> sdks =
              entities.createQuery(
                  "SELECT r.sdk, COUNT(DISTINCT r.clientId), COUNT(DISTINCT r.userId)"
                      + " FROM ConnectionReportRow r WHERE "
                      + where
                      + " GROUP BY r.sdk ORDER BY r.sdk",
                  Object[].class);
          values.forEach(users::setParameter);
          values.forEach(sdks::setParameter);
          return new Summary(
              users.getSingleResult(),
              sdks.getResultStream()
                  .map(row -> new SdkUse((String) row[0], (Long) row[1], (Long) row[2]))
                  .toList());
        });
  }

  private static <T> void condition(
      Optional<T> value,
      String condition,
      String name,
      List<String> conditions,
      Map<String, Object> values) {
    value.ifPresent(
        present -> {
          conditions.add(condition);
          values.put(name, present);
        });
  }

  /** Two reports of one client at once must not add two records. */
  private static void lock(EntityManager entities, Connected connection) {
    entities
        .createNativeQuery(
            "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(?1, 0))) AS taken")
        .setParameter(1, "connection " + connection.userId() + '\n' + connection.clientId())
        .getSingleResult();
  }

  private static Connected toMillis(Connected connection) {
    return new Connected(
        connection.userId(),
        connection.clientId(),
        millis(connection.connectedAt()),
        connection.sdk(),
        connection.userAgent(),
        connection.tokenExpiresAt().map(PostgresConnectionReports::millis));
  }

  /** The other implementation compares with milliseconds. */
  private static Instant millis(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }
}
