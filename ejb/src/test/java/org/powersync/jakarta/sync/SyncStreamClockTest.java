package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Counters.Counter;

/** The token's clock and everything else that depends on waiting (sync API section 3.10). */
class SyncStreamClockTest {
  private final StreamScenario scenario = new StreamScenario().bucket("b", "1#b[]", 3);

  private List<Duration> told(List<Long> values) throws Exception {
    List<Duration> at = new ArrayList<>();
    scenario.after("token_expires_in", () -> note(at));
    scenario.run();
    for (String line : scenario.lines) {
      if (line.contains("token_expires_in")) {
        values.add(new ObjectMapper().readTree(line).get("token_expires_in").asLong());
      }
    }
    return at;
  }

  private void note(List<Duration> at) {
    at.add(Duration.between(FakeTime.START, scenario.time.instant()));
    scenario.after("token_expires_in", () -> note(at));
  }

  @Tag("token-keepalive-interval")
  @Test
  void anIdleStreamHearsFromUsAboutEveryTwentySeconds() throws Exception {
    scenario.storage.commit("0/1");
    List<Long> values = new ArrayList<>();

    List<Duration> at = told(values);

    assertThat(at).hasSizeBetween(2, 3);
    Duration last = Duration.ZERO;
    for (int i = 0; i < at.size(); i++) {
      assertThat(at.get(i).minus(last))
          .isBetween(Duration.ofSeconds(18), Duration.ofMillis(22_000));
      assertThat(values.get(i)).isEqualTo((3_600_000 - at.get(i).toMillis() + 999) / 1000);
      last = at.get(i);
    }
  }

  @Test
  void theTokenRunsOut() throws Exception {
    scenario.storage.commit("0/1");
    scenario.tokenLife(Duration.ofSeconds(35)).endsByItself();

    assertThat(scenario.run()).isEqualTo(StreamEnd.TOKEN_EXPIRED);

    assertThat(Transcript.of(scenario.lines))
        .startsWith("CP 0", "DONE 0", "TTL 20")
        .endsWith("TTL 0");
    assertThat(scenario.time.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:35.003Z"));
  }

  @Tag("token-rsocket-quiet")
  @Test
  void withoutKeepaliveOnlyTheWarningAndTheEndAreTold() throws Exception {
    scenario.storage.commit("0/1");
    scenario.tokenLife(Duration.ofSeconds(50)).withoutKeepalive().endsByItself();

    assertThat(scenario.run()).isEqualTo(StreamEnd.TOKEN_EXPIRED);
    assertThat(Transcript.of(scenario.lines)).containsExactly("CP 0", "DONE 0", "TTL 20", "TTL 0");
  }

  @Tag("token-already-expired")
  @Test
  void anExpiredTokenEndsTheStreamAtOnce() throws Exception {
    scenario.storage.commit("0/1");
    scenario.tokenLife(Duration.ofSeconds(-30)).endsByItself();

    assertThat(scenario.run()).isEqualTo(StreamEnd.TOKEN_EXPIRED);
    assertThat(scenario.lines).containsExactly("{\"token_expires_in\":0}");
  }

  @Tag("token-keepalive-during-wait")
  @Test
  void keepalivesComeWhileStorageIsSlowWithTheFirstCheckpoint() throws Exception {
    Queue<Runnable> tasks = new ArrayDeque<>();
    scenario.storage.put("1#b[]", 1);
    scenario.storage.commit("0/1");
    scenario.background(tasks::add);
    scenario.at(Duration.ofSeconds(45), () -> tasks.remove().run());

    scenario.run();

    assertThat(Transcript.of(scenario.lines).subList(0, 5))
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).startsWith("TTL");
              assertThat(lines.get(1)).startsWith("TTL");
              assertThat(lines.get(2)).isEqualTo("CP 1");
            });
  }

  @Test
  void keepalivesComeInTheMiddleOfData() throws Exception {
    scenario.storage.put("1#b[]", 2000);
    scenario.storage.commit("0/1");
    Queue<Runnable> tasks = new ArrayDeque<>();
    scenario.slots(new DataSlots(10, tasks::add, new Counters()));
    for (int batch = 1; batch <= 3; batch++) {
      scenario.at(Duration.ofSeconds(25L * batch), () -> tasks.remove().run());
    }
    scenario.at(Duration.ofMinutes(2), scenario.storage::end).endsByItself();

    scenario.run();

    List<String> transcript =
        Transcript.of(scenario.lines).stream()
            .map(line -> line.startsWith("TTL") ? "TTL" : line)
            .toList();
    assertThat(transcript)
        .containsSubsequence(
            "CP 2000",
            "TTL",
            "DATA 1#b[] 0→1000 (1000) more",
            "TTL",
            "DATA 1#b[] 1000→2000 (1000) more",
            "DONE 2000");
  }

  @Test
  void changesWithinTheBreatherAreTakenTogether() throws Exception {
    scenario.storage.put("1#b[]", 1);
    scenario.storage.commit("0/1");
    for (int milli = 1; milli <= 9; milli++) {
      scenario.at(
          Duration.ofMillis(milli),
          () -> {
            scenario.storage.put("1#b[]", 1);
            scenario.storage.commit("0/2");
          });
    }

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsSubsequence("DONE 1", "DIFF 10 1#b[]", "DONE 10")
        .hasSize(6);
  }

  @Test
  void aClockThatIsSetBackDoesNotMakeTheBreatherLonger() throws Exception {
    Instant earlier = FakeTime.START.minus(Duration.ofMinutes(10));
    List<Instant> told = new ArrayList<>();
    scenario.storage.put("1#b[]", 1);
    scenario.storage.commit("0/1");
    scenario.at(
        Duration.ofMillis(1),
        () -> {
          scenario.storage.put("1#b[]", 1);
          scenario.storage.commit("0/2");
          scenario.time.set(earlier);
        });
    scenario.after("checkpoint_diff", () -> told.add(scenario.time.instant()));

    scenario.run();

    assertThat(told).containsExactly(earlier);
  }

  @Test
  void aFailureOfStorageFailsTheStream() {
    scenario.storage.put("1#b[]", 1);
    scenario.storage.commit("0/1");
    scenario.storage.beforeRead =
        () -> {
          throw new IllegalStateException("storage is gone");
        };

    assertThatThrownBy(scenario::run).hasMessage("storage is gone");
    assertThat(scenario.lines).hasSize(1);
  }

  @Test
  void operationsAndBytesAreCounted() throws Exception {
    scenario.storage.put("1#b[]", 3);
    scenario.storage.commit("0/1");

    scenario.run();

    long bytes = scenario.lines.stream().mapToLong(line -> line.length() + 1).sum();
    assertThat(scenario.counters.values())
        .containsEntry(Counter.OPERATIONS_SYNCED.metric(), 3L)
        .containsEntry(Counter.DATA_SYNCED_BYTES.metric(), bytes);
  }
}
