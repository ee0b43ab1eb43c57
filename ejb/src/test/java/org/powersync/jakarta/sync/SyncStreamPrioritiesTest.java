package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.telemetry.Counters;

/** Groups of priority and supersession (sync API sections 3.9 and 3.12). */
class SyncStreamPrioritiesTest {
  private final StreamScenario scenario = new StreamScenario();

  private List<String> transcript() throws Exception {
    return Transcript.of(scenario.linesOfRun());
  }

  @Test
  void urgentBucketsComeFirstAndTheLastGroupCompletesTheCheckpoint() throws Exception {
    scenario.bucket("b0", "1#b0[]", 2).bucket("b1", "1#b1[]", 1);
    scenario.storage.put("1#b0[]", 1);
    scenario.storage.put("1#b1[]", 1);
    scenario.storage.commit("0/1");

    assertThat(transcript())
        .containsExactly(
            "CP 2", "DATA 1#b1[] 0→2 [2]", "PART 2 1", "DATA 1#b0[] 0→1 [1]", "DONE 2");
  }

  @Test
  void aGroupWithoutDataIsCompletedToo() throws Exception {
    scenario.bucket("empty", "1#empty[]", 1).bucket("b", "1#b[]", 3);
    scenario.storage.put("1#b[]", 1);
    scenario.storage.commit("0/1");

    assertThat(transcript()).containsExactly("CP 1", "PART 1 1", "DATA 1#b[] 0→1 [1]", "DONE 1");
  }

  @Test
  void noBucketAtAllIsOneEmptyGroup() throws Exception {
    scenario.definition("s", false);
    scenario.storage.commit("0/1");

    assertThat(transcript()).containsExactly("CP 0", "DONE 0");
  }

  @Tag("prio-single-level-no-partial")
  @Test
  void oneLevelHasNoPartialCompletion() throws Exception {
    scenario.bucket("a", "1#a[]", 1).bucket("b", "1#b[]", 1);
    scenario.storage.put("1#a[]", 1);
    scenario.storage.put("1#b[]", 1);
    scenario.storage.commit("0/1");

    assertThat(transcript()).noneMatch(line -> line.startsWith("PART"));
  }

  @Test
  void bucketsWithoutRowsAreDoneAndGiveNoPartialLineLater() throws Exception {
    scenario.bucket("a", "1#a[]", 1).bucket("b", "1#b[]", 3);
    scenario.storage.put("1#a[]", 1);
    scenario.storage.put("1#b[]", 1);
    scenario.storage.commit("0/1");
    scenario.request(
        "{\"raw_data\":true,\"buckets\":[{\"name\":\"1#a[]\",\"after\":\"1\"},"
            + "{\"name\":\"1#b[]\",\"after\":\"2\"}]}");
    scenario.at(
        Duration.ofSeconds(1),
        () -> {
          scenario.storage.put("1#b[]", 1);
          scenario.storage.commit("0/2");
        });

    assertThat(transcript())
        .containsExactly(
            "CP 2", "PART 2 1", "DONE 2", "DIFF 3 1#b[]", "DATA 1#b[] 2→3 [3]", "DONE 3");
  }

  private void hotAndBulk() {
    scenario.bucket("hot", "1#hot[]", 1).bucket("bulk", "1#bulk[]", 3);
    scenario.storage.put("1#hot[]", 1);
    scenario.storage.put("1#bulk[]", 2500);
    scenario.storage.commit("0/1");
  }

  private void commitHot() {
    scenario.storage.put("1#hot[]", 1);
    scenario.storage.commit("0/2");
  }

  @Test
  void aNewerCheckpointSupersedesAfterAThousandOperations() throws Exception {
    hotAndBulk();
    scenario.after("\"bucket\":\"1#bulk[]\",\"after\":\"0\"", this::commitHot);

    assertThat(transcript())
        .containsExactly(
            "CP 2501",
            "DATA 1#hot[] 0→1 [1]",
            "PART 2501 1",
            "DATA 1#bulk[] 0→1001 (1000) more",
            "DIFF 2502 1#hot[]",
            "DATA 1#hot[] 1→2502 [2502]",
            "PART 2502 1",
            "DATA 1#bulk[] 1001→2001 (1000) more",
            "DATA 1#bulk[] 2001→2501 (500)",
            "DONE 2502");
  }

  @Test
  void beforeAThousandOperationsNothingSupersedes() throws Exception {
    hotAndBulk();
    scenario.after("\"bucket\":\"1#hot[]\",\"after\":\"0\"", this::commitHot);

    assertThat(transcript().subList(0, 4))
        .containsExactly(
            "CP 2501", "DATA 1#hot[] 0→1 [1]", "PART 2501 1", "DATA 1#bulk[] 0→1001 (1000) more");
  }

  @Test
  void supersededAtItsLastLineACheckpointIsNotCompleted() throws Exception {
    hotAndBulk();
    scenario.after("\"bucket\":\"1#bulk[]\",\"after\":\"2001\"", this::commitHot);

    assertThat(transcript())
        .doesNotContain("DONE 2501")
        .endsWith(
            "DATA 1#bulk[] 2001→2501 (500)",
            "DIFF 2502 1#hot[]",
            "DATA 1#hot[] 1→2502 [2502]",
            "DONE 2502");
  }

  @Test
  void aChangeOfOthersDoesNotInterrupt() throws Exception {
    hotAndBulk();
    scenario.after(
        "\"bucket\":\"1#bulk[]\",\"after\":\"0\"",
        () -> {
          scenario.storage.put("1#others[]", 1);
          scenario.storage.commit("0/2");
        });

    assertThat(transcript()).endsWith("DATA 1#bulk[] 2001→2501 (500)", "DONE 2501");
  }

  @Test
  void aChangedBucketOfTheInterruptedGroupGoesOnFromWhereItWas() throws Exception {
    scenario.bucket("hot", "1#hot[]", 1).bucket("mid", "1#mid[]", 2).bucket("low", "1#low[]", 3);
    scenario.storage.put("1#hot[]", 1);
    scenario.storage.put("1#mid[]", 999);
    scenario.storage.put("1#low[]", 2000);
    scenario.storage.commit("0/1");
    scenario.after(
        "\"priority\":2}}",
        () -> {
          scenario.storage.put("1#hot[]", 1);
          scenario.storage.put("1#low[]", 1);
          scenario.storage.commit("0/2");
        });

    assertThat(transcript())
        .containsExactly(
            "CP 3000",
            "DATA 1#hot[] 0→1 [1]",
            "PART 3000 1",
            "DATA 1#mid[] 0→1000 (999)",
            "PART 3000 2",
            "DIFF 3002 1#hot[] 1#low[]",
            "DATA 1#hot[] 1→3001 [3001]",
            "PART 3002 1",
            "DATA 1#low[] 0→2000 (1000) more",
            "DATA 1#low[] 2000→3000 (1000) more",
            "DATA 1#low[] 3000→3002 [3002]",
            "DONE 3002");
  }

  @Tag("prio-interrupt-while-waiting-slot")
  @Test
  void waitingForASlotIsGivenUpWhenSuperseded() throws Exception {
    Queue<Runnable> tasks = new ArrayDeque<>();
    DataSlots slots = new DataSlots(1, tasks::add, new Counters());
    scenario.slots(slots);
    hotAndBulk();
    scenario.at(Duration.ofSeconds(1), () -> runOne(tasks));
    scenario.at(Duration.ofSeconds(2), () -> runOne(tasks));
    // Another stream takes the slot between two batches of this one.
    scenario.storage.beforeRead =
        () -> {
          if (scenario.storage.reads.size() == 1) {
            slots.read(() -> "occupied");
          }
        };
    scenario.at(Duration.ofSeconds(3), this::commitHot);
    scenario.at(Duration.ofSeconds(5), () -> runOne(tasks));
    for (int second = 6; second < 10; second++) {
      scenario.at(Duration.ofSeconds(second), () -> runOne(tasks));
    }

    List<String> transcript = transcript();

    assertThat(transcript)
        .containsSubsequence(
            "DATA 1#bulk[] 0→1001 (1000) more",
            "DIFF 2502 1#hot[]",
            "DATA 1#hot[] 1→2502 [2502]",
            "DONE 2502")
        .doesNotContain("DONE 2501");
    assertThat(scenario.storage.reads)
        .containsExactly("1#hot[] 0", "1#bulk[] 0", "1#hot[] 1", "1#bulk[] 1001", "1#bulk[] 2001");
  }

  private static void runOne(Queue<Runnable> tasks) {
    if (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }
}
