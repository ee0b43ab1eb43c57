package org.powersync.jakarta.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.replication.SourceInspection.TableInfo;
import org.powersync.jakarta.replication.SourceInspection.WalBudgetReport;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowFailure;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.syncconfig.TableName;

/** What is found out about a deployed config (sync API section 2.5). */
class ConfigInspectionTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final long GIB = 1L << 30;
  private static final String CONFIG =
      """
      bucket_definitions:
        everything:
          data:
            - SELECT * FROM lists
            - SELECT * FROM "log_%"
      """;
  private static final String RISKY =
      """
      bucket_definitions:
        mine:
          parameters: SELECT request.parameters() ->> 'x' AS x
          data:
            - SELECT * FROM lists WHERE owner = bucket.x
      """;

  private final FakeSource source = new FakeSource();

  private final RowFailures failures = new RowFailures();

  private ConfigStatus inspect(String text, StreamStatus status, boolean active) {
    ReplicationStream stream =
        new ReplicationStream(
            new GroupId(1), "slot_1", StreamState.ACTIVE, 2, text, Optional.empty());
    return new ConfigInspection(source, text, NOW)
        .deployed(stream, status, active, source.connected, failures.of(stream.id()));
  }

  @Test
  void countsRowsThatAQueryFailedOn() {
    RowFailure failure =
        new RowFailure(
            new GroupId(1), TableName.of("public", "lists"), "everything", "invalid-json", "bad");
    failures.add(failure);
    failures.add(failure);
    failures.add(
        new RowFailure(
            new GroupId(1),
            TableName.of("public", "log_1"),
            "",
            RowFailure.TOO_LARGE,
            "larger than the limit"));
    failures.add(
        new RowFailure(
            new GroupId(2), TableName.of("public", "lists"), "other", "invalid-json", "bad"));
    assertThat(inspect().findings())
        .extracting(Finding::message)
        .containsExactly(
            "Rows of public.lists are not fully synced: a query of everything fails"
                + " (invalid-json: bad; 2 times since this process started)",
            "Rows of public.log_1 are left out"
                + " (row-too-large: larger than the limit; 1 times since this process started)");
    assertThat(failures.total()).isEqualTo(4);
  }

  private ConfigStatus inspect() {
    return inspect(CONFIG, progress(Optional.of(NOW), Optional.empty()), true);
  }

  private static StreamStatus progress(Optional<Instant> checkpoint, Optional<Instant> keepalive) {
    return status(checkpoint, keepalive, Optional.empty());
  }

  private static StreamStatus status(
      Optional<Instant> checkpoint, Optional<Instant> keepalive, Optional<String> fatal) {
    return new StreamStatus(
        new GroupId(1),
        StreamState.ACTIVE,
        true,
        Optional.of(new OpId(5)),
        Optional.of(new Lsn("0/5")),
        Optional.of(new Lsn("0/6")),
        Optional.empty(),
        fatal,
        keepalive,
        checkpoint);
  }

  @Test
  void hasNothingToSayAboutAHealthyConfig() {
    ConfigStatus status = inspect();
    assertThat(status.findings()).isEmpty();
    ConfigStatus.Connection connection = status.connections().get(0);
    assertThat(connection.slotName()).isEqualTo("slot_1");
    assertThat(connection.progress().initialReplicationDone()).isTrue();
    assertThat(connection.progress().lastLsn()).contains(new Lsn("0/6"));
    assertThat(connection.lagBytes()).hasValue(7);
    assertThat(connection.tables()).extracting(TableInfo::name).containsExactly("lists", "log_%");
  }

  @Test
  void saysEverythingOnceAndInOrder() {
    source.tableErrors = List.of(new Issue(Level.WARNING, "table"));
    StreamStatus status =
        status(Optional.empty(), Optional.empty(), Optional.of("replication failed"));
    assertThat(inspect(RISKY, status, true).findings())
        .satisfiesExactly(
            table -> assertThat(table.message()).isEqualTo("table"),
            failure -> {
              assertThat(failure.message()).isEqualTo("replication failed");
              assertThat(failure.level()).isEqualTo(Level.FATAL);
              assertThat(failure.at()).isEmpty();
            },
            message -> {
              assertThat(message.level()).isEqualTo(Level.WARNING);
              assertThat(message.at()).contains(NOW);
              assertThat(message.location()).isPresent();
            },
            progress -> {
              assertThat(progress.level()).isEqualTo(Level.WARNING);
              assertThat(progress.message()).contains("No checkpoint");
              assertThat(progress.at()).contains(NOW);
            });
  }

  @Tag("DIA-16")
  @Tag("http-wal-warning")
  @ParameterizedTest
  @CsvSource({"4,40%", "5,50%", "-1,0%", "0,0%"})
  void warnsOfALowLogBudget(long safeGib, String named) {
    source.budget = budget("reserved", OptionalLong.of(safeGib * GIB), OptionalLong.of(10 * GIB));
    assertThat(inspect().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level()).isEqualTo(Level.WARNING);
              assertThat(finding.message()).contains(" " + named + " ");
            });
  }

  private static Optional<WalBudgetReport> budget(
      String status, OptionalLong safe, OptionalLong max) {
    return Optional.of(new WalBudgetReport(status, safe, max));
  }

  @Test
  void roundsTheLogBudgetToWholePercents() {
    source.budget = budget("reserved", OptionalLong.of(1009), OptionalLong.of(2000));
    assertThat(inspect().findings()).singleElement().asString().contains(" 50% ");
    source.budget = budget("extended", OptionalLong.of(1010), OptionalLong.of(2000));
    assertThat(inspect().findings()).isEmpty();
    source.budget = budget("reserved", OptionalLong.of(1), OptionalLong.of(0));
    assertThat(inspect().findings()).isEmpty();
  }

  @Tag("DIA-16")
  @Test
  void doesNotWarnOfABudgetThatIsFineOrUnknown() {
    OptionalLong ten = OptionalLong.of(10 * GIB);
    for (Optional<WalBudgetReport> fine :
        List.of(
            budget("reserved", OptionalLong.of(8 * GIB), ten),
            budget("lost", OptionalLong.of(0), ten),
            budget("reserved", OptionalLong.empty(), ten),
            budget("reserved", OptionalLong.of(1), OptionalLong.empty()))) {
      source.budget = fine;
      assertThat(inspect().findings()).isEmpty();
    }
  }

  @Test
  void judgesTheBudgetBeforeTheLagAndRowsLast() {
    source.budget = budget("reserved", OptionalLong.of(1), OptionalLong.of(10));
    failures.add(
        new RowFailure(
            new GroupId(1), TableName.of("public", "lists"), "everything", "invalid-json", "bad"));
    StreamStatus late = progress(Optional.of(NOW.minusSeconds(301)), Optional.empty());
    assertThat(inspect(CONFIG, late, true).findings())
        .satisfiesExactly(
            budget -> {
              assertThat(budget.message()).contains("WAL budget");
              assertThat(budget.at()).contains(NOW);
            },
            lag -> {
              assertThat(lag.message()).contains("301 s");
              assertThat(lag.at()).contains(NOW);
            },
            row -> assertThat(row.message()).startsWith("Rows of "));
  }

  @Test
  void saysTheSameOfTwoTablesOnlyOnce() {
    source.tableErrors = List.of(new Issue(Level.FATAL, "permission denied"));
    assertThat(inspect().findings()).hasSize(1);
    assertThat(inspect().connections().get(0).tables())
        .hasSize(2)
        .allSatisfy(table -> assertThat(table.errors()).hasSize(1));
  }

  @Tag("DIA-17")
  @Test
  void complainsWhenTheActiveConfigFallsBehind() {
    assertThat(lateness(300, 5000)).isEmpty();
    assertThat(lateness(5000, 301)).extracting(Finding::level).containsExactly(Level.WARNING);
    assertThat(lateness(900, 900)).extracting(Finding::level).containsExactly(Level.WARNING);
    assertThat(lateness(901, 5000))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level()).isEqualTo(Level.FATAL);
              assertThat(finding.message()).contains("901");
            });
    StreamStatus none = progress(Optional.empty(), Optional.empty());
    assertThat(inspect(CONFIG, none, false).findings()).isEmpty();
  }

  private List<Finding> lateness(long checkpointAge, long keepaliveAge) {
    return inspect(
            CONFIG,
            progress(
                Optional.of(NOW.minus(Duration.ofSeconds(checkpointAge))),
                Optional.of(NOW.minus(Duration.ofSeconds(keepaliveAge)))),
            true)
        .findings();
  }

  @Test
  void namesThePatternsOfASourceThatCannotBeReached() {
    source.connected = false;
    assertUnreachable(inspect());
  }

  @Test
  void leavesOutWhatASourceThatIsLostMeanwhileCannotSay() {
    source.answers = false;
    assertUnreachable(inspect());
  }

  private static void assertUnreachable(ConfigStatus status) {
    ConfigStatus.Connection connection = status.connections().get(0);
    assertThat(connection.lagBytes()).isEmpty();
    assertThat(connection.walBudget()).isEmpty();
    assertThat(connection.tables())
        .satisfiesExactly(
            exact -> {
              assertThat(exact.name()).isEqualTo("lists");
              assertThat(exact.pattern()).isEmpty();
              assertThat(exact.dataQueries()).isTrue();
              assertThat(exact.replicationId()).isEmpty();
              assertThat(exact.errors())
                  .containsExactly(new Issue(Level.FATAL, "connection failed"));
            },
            wildcard -> {
              assertThat(wildcard.name()).isEqualTo("log_");
              assertThat(wildcard.pattern()).contains("log_%");
              assertThat(wildcard.dataQueries()).isFalse();
            });
    assertThat(status.findings()).extracting(Finding::message).containsExactly("connection failed");
  }

  @Test
  void leavesOutALagThatIsNotKnown() {
    source.lag = OptionalLong.empty();
    ConfigStatus status = inspect();
    assertThat(status.connections().get(0).lagBytes()).isEmpty();
    assertThat(status.findings()).isEmpty();
  }

  @Test
  void hasOneFatalFindingForATextThatCannotBeUsed() {
    for (String text :
        List.of("", "a: [", "nonsense: true", "bucket_definitions: {a: {data: [x]}}")) {
      ConfigStatus status = inspect(text, progress(Optional.empty(), Optional.empty()), true);
      assertThat(status.connections()).isEmpty();
      assertThat(status.findings())
          .singleElement()
          .extracting(Finding::level)
          .isEqualTo(Level.FATAL);
      assertThat(status.content()).contains(text);
    }
  }

  @Test
  void namesNoPlaceInATextThatCannotBeUsed() {
    String text = "bucket_definitions: {a: {data: [SELEC 1]}}";
    assertThat(inspect(text, progress(Optional.empty(), Optional.empty()), true).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.location()).isEmpty());
  }
}
