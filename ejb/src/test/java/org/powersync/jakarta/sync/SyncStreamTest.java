package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole transcripts (sync API section 3.16). */
class SyncStreamTest {
  private static final String NOTES = "1#all_notes|0[]";
  private final StreamScenario scenario = new StreamScenario().bucket("all_notes", NOTES, 3);

  private void saveNotes() {
    scenario.storage.put(NOTES, "notes", "n1", 2918241780L, "{\"id\":\"n1\",\"body\":\"alpha\"}");
    scenario.storage.put(NOTES, "notes", "n2", 595089484L, "{\"id\":\"n2\",\"body\":\"beta\"}");
    scenario.storage.commit("0/1");
  }

  private void saveThird() {
    scenario.storage.put(NOTES, "notes", "n3", 1053528498L, "{\"id\":\"n3\",\"body\":\"gamma\"}");
    scenario.storage.commit("0/2");
  }

  @Tag("state-diff-and-positions")
  @Test
  void firstSyncThenAnUpdateThenAPureAcknowledgement() throws Exception {
    saveNotes();
    scenario.at(Duration.ofSeconds(1), this::saveThird);
    scenario.at(
        Duration.ofSeconds(2),
        () -> {
          scenario.storage.writeCheckpoint("ann/c1", "0/3", 1);
          scenario.storage.keepalive("0/3");
        });
    scenario.request("{\"raw_data\":true,\"client_id\":\"c1\"}");

    assertThat(scenario.linesOfRun())
        .containsExactly(
            "{\"checkpoint\":{\"last_op_id\":\"2\",\"buckets\":[{\"bucket\":\"1#all_notes|0[]\",\"checksum\":-781636032,\"count\":2,\"priority\":3,\"subscriptions\":[{\"default\":0}]}],\"streams\":[{\"name\":\"all_notes\",\"is_default\":true,\"errors\":[]}]}}",
            "{\"data\":{\"bucket\":\"1#all_notes|0[]\",\"after\":\"0\",\"has_more\":false,\"data\":[{\"op_id\":\"1\",\"op\":\"PUT\",\"object_type\":\"notes\",\"object_id\":\"n1\",\"checksum\":2918241780,\"subkey\":\"Sn1\",\"data\":\"{\\\"id\\\":\\\"n1\\\",\\\"body\\\":\\\"alpha\\\"}\"},{\"op_id\":\"2\",\"op\":\"PUT\",\"object_type\":\"notes\",\"object_id\":\"n2\",\"checksum\":595089484,\"subkey\":\"Sn2\",\"data\":\"{\\\"id\\\":\\\"n2\\\",\\\"body\\\":\\\"beta\\\"}\"}],\"next_after\":\"2\"}}",
            "{\"checkpoint_complete\":{\"last_op_id\":\"2\"}}",
            "{\"checkpoint_diff\":{\"last_op_id\":\"3\",\"updated_buckets\":[{\"bucket\":\"1#all_notes|0[]\",\"checksum\":271892466,\"count\":3,\"priority\":3,\"subscriptions\":[{\"default\":0}]}],\"removed_buckets\":[]}}",
            "{\"data\":{\"bucket\":\"1#all_notes|0[]\",\"after\":\"2\",\"has_more\":false,\"data\":[{\"op_id\":\"3\",\"op\":\"PUT\",\"object_type\":\"notes\",\"object_id\":\"n3\",\"checksum\":1053528498,\"subkey\":\"Sn3\",\"data\":\"{\\\"id\\\":\\\"n3\\\",\\\"body\\\":\\\"gamma\\\"}\"}],\"next_after\":\"3\"}}",
            "{\"checkpoint_complete\":{\"last_op_id\":\"3\"}}",
            "{\"checkpoint_diff\":{\"last_op_id\":\"3\",\"write_checkpoint\":\"1\",\"updated_buckets\":[],\"removed_buckets\":[]}}",
            "{\"checkpoint_complete\":{\"last_op_id\":\"3\"}}");
  }

  @Test
  void reconnectingWithStateGetsNoDataAndForgetsUnknownBuckets() throws Exception {
    saveNotes();
    saveThird();
    scenario.storage.writeCheckpoint("ann", "0/1", 1);
    scenario.request(
        "{\"raw_data\":true,\"buckets\":[{\"name\":\"1#all_notes|0[]\",\"after\":\"3\"},"
            + "{\"name\":\"1#gone[]\",\"after\":\"9\"}]}");

    assertThat(scenario.linesOfRun())
        .containsExactly(
            "{\"checkpoint\":{\"last_op_id\":\"3\",\"write_checkpoint\":\"1\",\"buckets\":[{\"bucket\":\"1#all_notes|0[]\",\"checksum\":271892466,\"count\":3,\"priority\":3,\"subscriptions\":[{\"default\":0}]}],\"streams\":[{\"name\":\"all_notes\",\"is_default\":true,\"errors\":[]}]}}",
            "{\"checkpoint_complete\":{\"last_op_id\":\"3\"}}");
    assertThat(scenario.storage.reads).isEmpty();
  }

  @Test
  void reconnectingBehindGetsWhatIsMissing() throws Exception {
    saveNotes();
    scenario.request(
        "{\"raw_data\":true,\"buckets\":[{\"name\":\"1#all_notes|0[]\",\"after\":\"1\"}]}");

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly("CP 2", "DATA 1#all_notes|0[] 1→2 [2]", "DONE 2");
  }

  @Test
  void aCheckpointInvalidatedByCompactionIsNotCompleted() throws Exception {
    saveNotes();
    scenario.after(
        "\"checkpoint\":",
        () -> {
          scenario.storage.put(NOTES, "notes", "n1", 1169648809L, "{}");
          scenario.storage.put(NOTES, "notes", "n2", 1650076384L, "{}");
          scenario.storage.compact(NOTES, 2, 4);
          scenario.storage.commit("0/2");
        });

    List<String> lines = scenario.linesOfRun();

    assertThat(Transcript.of(lines))
        .containsExactly(
            "CP 2",
            "DATA 1#all_notes|0[] 0→2 [2]",
            "DIFF 4 1#all_notes|0[]",
            "DATA 1#all_notes|0[] 2→4 [3, 4]",
            "DONE 4");
    assertThat(lines.get(1)).contains("{\"op_id\":\"2\",\"op\":\"CLEAR\",\"checksum\":-781636032}");
    assertThat(lines.get(2)).contains("\"checksum\":2038089161");
  }

  @Test
  void invalidationIsRememberedAcrossBatches() throws Exception {
    saveNotes();
    scenario.storage.put(NOTES, 1500);
    scenario.storage.commit("0/2");
    scenario.after(
        "\"checkpoint\":",
        () -> {
          scenario.storage.put(NOTES, 2);
          scenario.storage.compact(NOTES, 2, 1504);
        });
    scenario.at(Duration.ofSeconds(1), () -> scenario.storage.commit("0/3"));

    List<String> transcript = Transcript.of(scenario.linesOfRun());

    assertThat(transcript)
        .doesNotContain("DONE 1502")
        .contains("DIFF 1504 1#all_notes|0[]")
        .endsWith("DONE 1504");
  }

  @Test
  void aTargetWithinTheCheckpointDoesNotInvalidateIt() throws Exception {
    saveNotes();
    scenario.storage.put(NOTES, 2);
    scenario.storage.compact(NOTES, 2, 4);
    scenario.storage.commit("0/2");

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly("CP 4", "DATA 1#all_notes|0[] 0→4 [2, 3, 4]", "DONE 4");
  }

  @Test
  void aForeignCommitGivesNoLine() throws Exception {
    saveNotes();
    scenario.at(
        Duration.ofSeconds(1),
        () -> {
          scenario.storage.put("1#other[]", 1);
          scenario.storage.commit("0/2");
        });

    assertThat(Transcript.of(scenario.linesOfRun())).endsWith("DONE 2");
  }

  @Test
  void aNewPositionAloneCausesNoChecksumQuery() throws Exception {
    saveNotes();
    scenario.at(Duration.ofSeconds(1), () -> scenario.storage.keepalive("0/5"));

    assertThat(Transcript.of(scenario.linesOfRun())).endsWith("DONE 2");
    assertThat(scenario.storage.checksumCalls).isEqualTo(1);
  }

  @Test
  void largeBucketsAreSentInLinesOfAThousand() throws Exception {
    scenario.storage.put(NOTES, 2300);
    scenario.storage.commit("0/1");

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly(
            "CP 2300",
            "DATA 1#all_notes|0[] 0→1000 (1000) more",
            "DATA 1#all_notes|0[] 1000→2000 (1000) more",
            "DATA 1#all_notes|0[] 2000→2300 (300)",
            "DONE 2300");
  }

  @Test
  void finishedBucketsAreNotReadAgain() throws Exception {
    scenario.bucket("b", "1#b[]", 3);
    scenario.storage.put(NOTES, 600);
    scenario.storage.put("1#b[]", 600);
    scenario.storage.commit("0/1");

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly(
            "CP 1200",
            "DATA 1#all_notes|0[] 0→600 (600)",
            "DATA 1#b[] 0→1000 (400) more",
            "DATA 1#b[] 1000→1200 (200)",
            "DONE 1200");
    assertThat(scenario.storage.reads).containsExactly("1#all_notes|0[] 0, 1#b[] 0", "1#b[] 1000");
  }

  @Tag("basic-versioned-stream-buckets")
  @Test
  void aChangeOfTheActiveConfigEndsTheStreamAfterTheCheckpoint() throws Exception {
    scenario.storage.put(NOTES, 2300);
    scenario.storage.commit("0/1");
    scenario.after("\"has_more\":true", scenario.storage::end);

    assertThat(scenario.run()).isEqualTo(StreamEnd.CONFIG_CHANGED);
    assertThat(Transcript.of(scenario.lines)).endsWith("DONE 2300");
  }
}
