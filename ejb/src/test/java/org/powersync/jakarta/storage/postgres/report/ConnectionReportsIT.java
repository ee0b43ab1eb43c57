package org.powersync.jakarta.storage.postgres.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.ConnectionReports;
import org.powersync.jakarta.storage.ConnectionReports.Query;
import org.powersync.jakarta.storage.ConnectionReports.SdkUse;
import org.powersync.jakarta.storage.postgres.StorageFixture;

/** The cases R1 to R14 of the storage conformance list, on its data. */
class ConnectionReportsIT {
  private static final Instant NOW = Instant.parse("2026-06-15T14:30:10.123Z");
  private static final Instant WEEK = NOW.minus(Duration.ofDays(7));
  private static final Instant MONTH = NOW.minus(Duration.ofDays(31));
  private static final Duration FIVE = Duration.ofMinutes(5);

  private final StorageFixture fixture = new StorageFixture("reports");
  private final ConnectionReports reports =
      new PostgresConnectionReports(fixture.resources(), Clock.fixed(NOW, ZoneOffset.UTC));

  @BeforeEach
  void insertData() {
    row("1", "user_one", "client_one", NOW, "powersync-dart/1.6.4", NOW.plus(FIVE), null);
    row(
        "2",
        "user_two",
        "client_two",
        NOW.minus(FIVE),
        "powersync-js/1.21.1",
        NOW.plus(FIVE),
        null);
    row("4", "user_four", "client_four", NOW, "powersync-js/1.21.4", NOW.minus(FIVE), null);
    row("5", "user_one", "", NOW.minus(FIVE), "unknown", NOW.plus(FIVE), null);
    Instant yesterday = Instant.parse("2026-06-14T00:00:00Z");
    row("3", "user_three", "client_three", yesterday, "powersync-js/1.21.2", null, yesterday);
    row("week", "user_week", "client_one", WEEK, "powersync-js/1.24.5", null, WEEK);
    row("month", "user_month", "client_month", MONTH, "powersync-js/1.23.6", null, MONTH);
    row("expired", "user_expired", "client_expired", MONTH, "powersync-js/1.23.7", MONTH, null);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void r1ConnectedClients() {
    assertThat(reports.current().users()).isEqualTo(2);
    assertThat(reports.current().sdks())
        .containsExactly(use("powersync-dart/1.6.4"), use("powersync-js/1.21.1"), use("unknown"));
  }

  @Test
  void r3PastWeek() {
    ConnectionReports.Summary week = reports.between(WEEK, NOW);
    assertThat(week.users()).isEqualTo(5);
    assertThat(week.sdks())
        .containsExactly(
            use("powersync-dart/1.6.4"),
            use("powersync-js/1.21.1"),
            use("powersync-js/1.21.2"),
            use("powersync-js/1.21.4"),
            use("powersync-js/1.24.5"),
            use("unknown"));
  }

  @Test
  void r4PastDay() {
    ConnectionReports.Summary day = reports.between(Instant.parse("2026-06-14T14:00:00Z"), NOW);
    assertThat(day.users()).isEqualTo(3);
    assertThat(day.sdks()).hasSize(4);
  }

  @Test
  void r5ByClient() {
    ConnectionReports.Page page = reports.list(query(null, "client_two", null, null, 0));
    assertThat(ids(page)).containsExactly("2");
    assertThat(page.cursor()).isEmpty();
  }

  @Test
  void r6ByUser() {
    assertThat(ids(reports.list(query("user_one", null, null, null, 0)))).containsExactly("1", "5");
  }

  @Test
  void r8RangeClientAndUser() {
    assertThat(ids(reports.list(query("user_one", "client_one", NOW.minus(FIVE), NOW, 0))))
        .containsExactly("1");
  }

  @Test
  void r9Pages() {
    ConnectionReports.Page first = reports.list(query(null, null, null, null, 4));
    assertThat(ids(first)).containsExactlyInAnyOrder("1", "4", "2", "5");
    ConnectionReports.Page second =
        reports.list(
            new Query(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                first.cursor(),
                0));
    assertThat(ids(second)).startsWith("3", "week").contains("month", "expired");
    assertThat(second.cursor()).isEmpty();
  }

  @Test
  void r11ReportedAgainTheSameDay() {
    Instant later = NOW.plus(Duration.ofMinutes(20));
    Instant expiry = later.plus(FIVE);
    reports.connected(
        new ConnectionReports.Connected(
            "user_one", "client_one", later, "powersync-dart/1.6.5", "agent", Optional.of(expiry)));
    assertThat(reports.list(query("user_one", "client_one", null, null, 0)).entries())
        .containsExactly(
            new ConnectionReports.Entry(
                "1",
                "user_one",
                "client_one",
                "agent",
                "powersync-dart/1.6.5",
                later,
                Optional.of(expiry),
                Optional.empty()));
  }

  @Test
  void r12Disconnected() {
    Instant yesterday = Instant.parse("2026-06-14T00:00:00Z");
    reports.disconnected(
        new ConnectionReports.Disconnected("user_three", "client_three", yesterday, NOW));
    reports.disconnected(
        new ConnectionReports.Disconnected("user_two", "client_two", yesterday, NOW));
    assertThat(reports.list(query("user_three", null, null, null, 0)).entries())
        .extracting(ConnectionReports.Entry::disconnectedAt)
        .containsExactly(Optional.of(NOW));
    assertThat(reports.list(query("user_two", null, null, null, 0)).entries().get(0))
        .matches(entry -> entry.disconnectedAt().isEmpty());
  }

  @Test
  void r14DeleteOlderThanAWeek() {
    assertThat(reports.deleteBefore(WEEK)).isEqualTo(2);
    assertThat(reports.between(MONTH, NOW).users()).isEqualTo(5);
    assertThat(reports.between(MONTH, NOW).sdks()).hasSize(6);
  }

  @Test
  void manyReportsAtOnceAddOneRecord() {
    IntStream.range(0, 16)
        .parallel()
        .forEach(
            n ->
                reports.connected(
                    new ConnectionReports.Connected(
                        "new", "c", NOW.plusMillis(n), "sdk", "agent", Optional.empty())));
    assertThat(reports.list(query("new", null, null, null, 0)).entries()).hasSize(1);
  }

  private static SdkUse use(String sdk) {
    return new SdkUse(sdk, 1, 1);
  }

  private static Query query(String user, String client, Instant start, Instant end, int limit) {
    return new Query(
        Optional.ofNullable(user),
        Optional.ofNullable(client),
        Optional.ofNullable(start),
        Optional.ofNullable(end),
        Optional.empty(),
        limit);
  }

  private static List<String> ids(ConnectionReports.Page page) {
    return page.entries().stream().map(ConnectionReports.Entry::id).toList();
  }

  private void row(
      String id,
      String user,
      String client,
      Instant connected,
      String sdk,
      Instant expires,
      Instant disconnected) {
    List<String> values = new ArrayList<>(List.of(id, "agent", client, user, sdk));
    values.add(expires == null ? null : expires.toString());
    values.add(connected.toString());
    values.add(disconnected == null ? null : disconnected.toString());
    fixture
        .database()
        .execute(
            "INSERT INTO powersync.connection_report_events VALUES ("
                + String.join(
                    ", ", values.stream().map(v -> v == null ? "NULL" : "'" + v + "'").toList())
                + ")");
  }
}
