package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.bson.BsonEncoder;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * The conformance cases of the sync stream, by their names, as far as one stream on storage in
 * memory shows them. Those of the token clock, of batching write checkpoints and of the requests'
 * shape are in the tests of these parts; those of routes need the server.
 */
class SyncCasesTest {
  private static final String NOTES = "1#all_notes[]";
  private static final String DEFAULT = "[{\"default\":0}]";

  private static String definitions(String... entries) {
    return "bucket_definitions:\n  " + String.join("\n  ", entries) + "\n";
  }

  private static SyncCase notes() {
    return new SyncCase(definitions("all_notes: {data: [SELECT * FROM notes]}"));
  }

  private static SyncCase twoNotes() {
    return notes()
        .save("notes", "n1", "body", "alpha")
        .save("notes", "n2", "body", "beta")
        .commit("0/1");
  }

  private static SyncCase mine() {
    return new SyncCase(
        definitions(
            "mine: {parameters: SELECT people.id AS owner FROM people WHERE people.id ="
                + " request.user_id(), data: [SELECT * FROM tasks WHERE owner = bucket.owner]}"));
  }

  private static SyncCase lanes() {
    return new SyncCase(
        definitions(
            "express: {priority: 1, data: [\"SELECT * FROM notes WHERE lane = 'hot'\"]}",
            "mid: {priority: 2, data: [\"SELECT * FROM notes WHERE lane = 'mid'\"]}",
            "bulk: {priority: 3, data: [\"SELECT * FROM notes WHERE lane = 'low'\"]}"));
  }

  private static SyncCase note(SyncCase run, String id) {
    return run.save("notes", id, "lane", id.substring(0, 3));
  }

  @Tag("basic-two-rows")
  @Test
  void basicTwoRows() throws Exception {
    SyncCase run = twoNotes();
    assertThat(run.transcript()).containsExactly("CP 2", "DATA " + NOTES + " 0→2 [1, 2]", "DONE 2");
    assertThat(SyncCase.buckets(run.checkpoint().get("buckets")))
        .containsExactly(NOTES + " -781636032 2 p3 " + DEFAULT);
    assertThat(run.checkpoint().get("streams").toString())
        .isEqualTo("[{\"name\":\"all_notes\",\"is_default\":true,\"errors\":[]}]");
    JsonNode operations = run.lines("data").get(0).get("data");
    assertThat(operations.findValuesAsText("checksum")).containsExactly("2918241780", "595089484");
    assertThat(operations.get(0).get("data").isTextual()).isTrue();
    assertThat(operations.get(0).get("data").asText())
        .isEqualTo("{\"id\":\"n1\",\"body\":\"alpha\"}");
  }

  @Tag("basic-static-buckets-from-constants")
  @Test
  void basicStaticBucketsFromConstants() throws Exception {
    SyncCase run =
        new SyncCase(
                definitions(
                    "two: {parameters: [SELECT 1 AS n, SELECT 2 AS n], data: [SELECT * FROM notes"
                        + " WHERE id = bucket.n]}"))
            .commit("0/1");
    run.transcript();
    assertThat(SyncCase.buckets(run.checkpoint().get("buckets")))
        .containsExactlyInAnyOrder("1#two[1] 0 0 p3 " + DEFAULT, "1#two[2] 0 0 p3 " + DEFAULT);
    assertThat(run.checkpoint().get("streams")).hasSize(1);
  }

  @Tag("basic-write-checkpoint-only")
  @Test
  void basicWriteCheckpointOnly() throws Exception {
    SyncCase run = notes().save("notes", "n1", "body", "alpha").commit("0/1");
    run.later(
        1,
        () -> {
          run.scenario.storage.writeCheckpoint("ann", "1/0", 1);
          run.scenario.storage.keepalive("1/0");
        });
    assertThat(run.transcript())
        .containsExactly("CP 1", "DATA " + NOTES + " 0→1 [1]", "DONE 1", "DIFF 1 wc1", "DONE 1");
  }

  @Tag("basic-removal-shape")
  @Test
  void basicRemovalShape() throws Exception {
    SyncCase run =
        notes()
            .save("notes", "n1", "body", "alpha")
            .delete("notes", "n1", "body", "alpha")
            .commit("0/1");
    run.transcript();
    JsonNode operations = run.lines("data").get(0).get("data");
    JsonNode removal = operations.get(1);
    assertThat(removal.get("op").asText()).isEqualTo("REMOVE");
    assertThat(removal.get("object_type").asText()).isEqualTo("notes");
    assertThat(removal.get("object_id").asText()).isEqualTo("n1");
    assertThat(removal.get("subkey")).isEqualTo(operations.get(0).get("subkey"));
    assertThat(removal.has("data")).isTrue();
    assertThat(removal.get("data").isNull()).isTrue();
    assertThat(removal.get("checksum").asLong()).isNotNegative();
  }

  @Tag("basic-bson-equivalence")
  @Test
  void basicBsonEquivalence() throws Exception {
    List<byte[]> documents = new ArrayList<>();
    SyncCase run = twoNotes().request("{}");
    run.scenario.encoder(new BsonEncoder(), documents);
    run.scenario.run();
    List<RawBsonDocument> lines =
        documents.stream()
            .map(RawBsonDocument::new)
            .filter(line -> !line.containsKey("token_expires_in"))
            .toList();
    assertThat(lines)
        .extracting(RawBsonDocument::getFirstKey)
        .containsExactly("checkpoint", "data", "checkpoint_complete");
    assertThat(lines.get(0).getDocument("checkpoint").getString("last_op_id").getValue())
        .isEqualTo("2");
    assertThat(
            lines
                .get(1)
                .getDocument("data")
                .getArray("data")
                .get(0)
                .asDocument()
                .get("data")
                .isString())
        .isTrue();
  }

  @Tag("basic-resume")
  @Test
  void basicResume() throws Exception {
    SyncCase run =
        twoNotes()
            .request(
                "{\"raw_data\":true,\"buckets\":[{\"name\":\"" + NOTES + "\",\"after\":\"2\"}]}");
    assertThat(run.transcript()).containsExactly("CP 2", "DONE 2");
    assertThat(SyncCase.buckets(run.checkpoint().get("buckets")))
        .containsExactly(NOTES + " -781636032 2 p3 " + DEFAULT);
  }

  @Tag("basic-resume-behind")
  @Test
  void basicResumeBehind() throws Exception {
    SyncCase run =
        twoNotes()
            .request(
                "{\"raw_data\":true,\"buckets\":[{\"name\":\"" + NOTES + "\",\"after\":\"1\"}]}");
    assertThat(run.transcript()).containsExactly("CP 2", "DATA " + NOTES + " 1→2 [2]", "DONE 2");
  }

  @Tag("basic-unknown-client-bucket")
  @Test
  void basicUnknownClientBucket() throws Exception {
    SyncCase run =
        twoNotes()
            .request(
                "{\"raw_data\":true,\"buckets\":[{\"name\":\"1#something[]\",\"after\":\"1\"}]}");
    assertThat(run.transcript()).containsExactly("CP 2", "DATA " + NOTES + " 0→2 [1, 2]", "DONE 2");
  }

  @Tag("basic-data-only-update")
  @Test
  void basicDataOnlyUpdate() throws Exception {
    SyncCase run = mine().save("people", "ann").commit("0/1");
    run.later(1, () -> run.save("tasks", "k1", "owner", "ann", "title", "Pack").commit("0/2"));
    assertThat(run.transcript())
        .containsExactly(
            "CP 1", "DONE 1", "DIFF 2 1#mine[\"ann\"]", "DATA 1#mine[\"ann\"] 0→2 [2]", "DONE 2");
    assertThat(SyncCase.buckets(run.lines("checkpoint_diff").get(0).get("updated_buckets")))
        .containsExactly("1#mine[\"ann\"] -1545906545 1 p3 " + DEFAULT);
  }

  @Tag("basic-parameter-and-data")
  @Test
  void basicParameterAndData() throws Exception {
    SyncCase run = mine();
    run.scenario.storage.keepalive("0/1");
    run.later(
        1,
        () ->
            run.save("tasks", "k1", "owner", "ann", "title", "Pack")
                .save("people", "ann")
                .commit("0/2"));
    assertThat(run.transcript())
        .containsExactly(
            "CP 0", "DONE 0", "DIFF 2 1#mine[\"ann\"]", "DATA 1#mine[\"ann\"] 0→1 [1]", "DONE 2");
    assertThat(run.checkpoint().get("buckets")).isEmpty();
  }

  @Tag("basic-foreign-commit-silent")
  @Test
  void basicForeignCommitSilent() throws Exception {
    SyncCase run =
        mine()
            .save("people", "ann")
            .save("tasks", "k1", "owner", "ann", "title", "Pack")
            .commit("0/1");
    run.later(1, () -> run.save("tasks", "k3", "owner", "bob", "title", "Bill").commit("0/2"));
    assertThat(run.transcript()).containsExactly("CP 2", "DATA 1#mine[\"ann\"] 0→2 [2]", "DONE 2");
    // It did not even look.
    assertThat(run.scenario.storage.checksumCalls).isEqualTo(1);
  }

  @Tag("prio-order")
  @Test
  void prioOrder() throws Exception {
    SyncCase run =
        new SyncCase(
                definitions(
                    "b0: {priority: 2, data: [SELECT * FROM test WHERE length(id) <= 2]}",
                    "b1: {priority: 1, data: [SELECT * FROM test WHERE length(id) > 2]}"))
            .save("test", "n1")
            .save("test", "longer")
            .commit("0/1");
    assertThat(run.transcript())
        .containsExactly(
            "CP 2", "DATA 1#b1[] 0→2 [2]", "PART 2 1", "DATA 1#b0[] 0→1 [1]", "DONE 2");
    assertThat(SyncCase.buckets(run.checkpoint().get("buckets")))
        .anyMatch(b -> b.startsWith("1#b0[]") && b.endsWith("p2 [{\"default\":0}]"))
        .anyMatch(b -> b.startsWith("1#b1[]") && b.endsWith("p1 [{\"default\":1}]"));
  }

  @Tag("prio-unrelated-commit")
  @Test
  void prioUnrelatedCommit() throws Exception {
    SyncCase run =
        new SyncCase(
            definitions(
                "b0: {priority: 2, data: [SELECT * FROM test WHERE length(id) <= 5]}",
                "b1: {priority: 1, parameters: SELECT request.user_id() AS u, data: [SELECT * FROM"
                    + " test WHERE length(id) > 5 AND body = bucket.u]}"));
    run.save("test", "first-row", "body", "ann");
    IntStream.range(0, 10_000).forEach(i -> run.save("test", Integer.toString(i)));
    run.commit("0/1");
    run.scenario.after(
        "partial_checkpoint_complete",
        () -> run.save("test", "other-row", "body", "bob").commit("0/2"));
    run.later(10, () -> run.save("test", "second-row", "body", "ann").commit("0/3"));
    List<String> transcript = run.transcript();
    assertThat(transcript).filteredOn(line -> line.startsWith("DONE")).hasSize(2);
    assertThat(transcript)
        .filteredOn(line -> line.startsWith("CP") || line.startsWith("DIFF"))
        .hasSize(2);
    assertThat(run.ids()).hasSize(10_002).endsWith("second-row");
  }

  @Tag("prio-changed-bulk-restarts")
  @Test
  void prioChangedBulkRestarts() throws Exception {
    SyncCase run = lanes();
    note(run, "hot");
    IntStream.range(0, 999).forEach(i -> note(run, "mid-" + i));
    IntStream.range(0, 2000).forEach(i -> note(run, "low-" + i));
    run.commit("0/1");
    run.scenario.after(
        "\"priority\":2}}\n", () -> note(note(run, "hot2"), "low-2000").commit("0/2"));
    List<String> transcript = run.transcript();
    assertThat(transcript.get(0)).isEqualTo("CP 3000");
    int diff = transcript.indexOf("DIFF 3002 1#express[] 1#bulk[]");
    assertThat(diff).isPositive();
    assertThat(transcript.subList(0, diff)).contains("PART 3000 1", "PART 3000 2");
    assertThat(transcript.subList(diff, transcript.size())).contains("PART 3002 1", "DONE 3002");
    assertThat(transcript).filteredOn(line -> line.startsWith("DONE")).hasSize(1);
    assertThat(run.ids()).hasSize(3002).doesNotHaveDuplicates();
    assertThat(run.ids().subList(0, 1000)).noneMatch(id -> id.startsWith("low-"));
    assertThat(run.ids().indexOf("hot2")).isLessThan(run.ids().indexOf("low-0"));
  }

  @Tag("prio-three-levels")
  @Test
  void prioThreeLevels() throws Exception {
    SyncCase run =
        new SyncCase(
                definitions(
                    "p3: {priority: 3, data: [\"SELECT * FROM t WHERE id = 'c'\"]}",
                    "p0: {priority: 0, data: [\"SELECT * FROM t WHERE id = 'a'\"]}",
                    "p1: {priority: 1, data: [\"SELECT * FROM t WHERE id = 'b'\"]}"))
            .save("t", "a")
            .save("t", "b")
            .save("t", "c")
            .commit("0/1");
    assertThat(run.transcript())
        .containsExactly(
            "CP 3",
            "DATA 1#p0[] 0→1 [1]",
            "PART 3 0",
            "DATA 1#p1[] 0→2 [2]",
            "PART 3 1",
            "DATA 1#p3[] 0→3 [3]",
            "DONE 3");
  }

  @Tag("prio-empty-group-completes")
  @Test
  void prioEmptyGroupCompletes() throws Exception {
    SyncCase run = note(lanes(), "low-1").commit("0/1");
    assertThat(run.transcript())
        .containsExactly("CP 1", "PART 1 1", "PART 1 2", "DATA 1#bulk[] 0→1 [1]", "DONE 1");
  }

  @Tag("prio-reconnect-then-low-change")
  @Test
  void prioReconnectThenLowChange() throws Exception {
    SyncCase run = note(note(lanes(), "hot"), "low-1").commit("0/1");
    run.request(
        "{\"raw_data\":true,\"buckets\":[{\"name\":\"1#express[]\",\"after\":\"1\"},"
            + "{\"name\":\"1#bulk[]\",\"after\":\"2\"}]}");
    run.later(1, () -> note(run, "low-2").commit("0/2"));
    assertThat(run.transcript())
        .containsExactly(
            "CP 2",
            "PART 2 1",
            "PART 2 2",
            "DONE 2",
            "DIFF 3 1#bulk[]",
            "DATA 1#bulk[] 2→3 [3]",
            "DONE 3");
  }

  @Tag("inval-compacted-during-send")
  @Test
  void invalCompactedDuringSend() throws Exception {
    SyncCase run = twoNotes();
    run.scenario.after(
        "\"checkpoint\"",
        () -> {
          run.save("notes", "n1", "body", "alpha-2").save("notes", "n2", "body", "beta-2");
          run.scenario.storage.compact(NOTES, 2, 4);
          run.commit("0/2");
        });
    assertThat(run.transcript())
        .containsExactly(
            "CP 2",
            "DATA " + NOTES + " 0→2 [2]",
            "DIFF 4 " + NOTES,
            "DATA " + NOTES + " 2→4 [3, 4]",
            "DONE 4");
    JsonNode clear = run.lines("data").get(0).get("data").get(0);
    assertThat(clear.get("op").asText()).isEqualTo("CLEAR");
    assertThat((int) clear.get("checksum").asLong()).isEqualTo(-781636032);
    assertThat(
            run.lines("checkpoint_diff")
                .get(0)
                .get("updated_buckets")
                .get(0)
                .get("checksum")
                .asInt())
        .isEqualTo(2038089161);
  }

  @Tag("inval-large-group")
  @Test
  void invalLargeGroup() throws Exception {
    SyncCase run = twoNotes();
    IntStream.range(0, 1500).forEach(i -> run.save("notes", "x" + i));
    run.commit("0/2");
    run.scenario.after(
        "\"checkpoint\"",
        () -> {
          run.save("notes", "n1", "body", "alpha-2").save("notes", "n2", "body", "beta-2");
          run.scenario.storage.compact(NOTES, 2, 1503);
          run.commit("0/3");
        });
    assertThat(run.transcript())
        .doesNotContain("DONE 1502")
        .contains("DIFF 1504 " + NOTES)
        .endsWith("DONE 1504");
  }

  @Tag("inval-target-inside-checkpoint")
  @Test
  void invalTargetInsideCheckpoint() throws Exception {
    SyncCase run =
        twoNotes().save("notes", "n1", "body", "alpha-2").save("notes", "n2", "body", "beta-2");
    run.scenario.storage.compact(NOTES, 2, 4);
    run.commit("0/2");
    assertThat(run.transcript())
        .containsExactly("CP 4", "DATA " + NOTES + " 0→4 [2, 3, 4]", "DONE 4");
  }

  /** Storage case S15. */
  @Test
  void aCheckpointThatCompactionWentPastGetsNoLine() throws Exception {
    SyncCase run = twoNotes();
    run.save("notes", "n1", "body", "alpha-2").save("notes", "n2", "body", "beta-2");
    run.scenario.storage.compact(NOTES, 4, 4);
    run.scenario.time.at(Duration.ofSeconds(1), () -> run.commit("0/2"));
    assertThat(run.transcript()).containsExactly("CP 4", "DATA " + NOTES + " 0→4 [4]", "DONE 4");
    assertThat(run.scenario.storage.checksumCalls).isEqualTo(2);
  }

  @Tag("chunk-2300-rows")
  @Test
  void chunk2300Rows() throws Exception {
    SyncCase run = notes();
    IntStream.range(0, 2300).forEach(i -> run.save("notes", "r" + i));
    run.commit("0/1");
    assertThat(run.transcript())
        .containsExactly(
            "CP 2300",
            "DATA " + NOTES + " 0→1000 (1000) more",
            "DATA " + NOTES + " 1000→2000 (1000) more",
            "DATA " + NOTES + " 2000→2300 (300)",
            "DONE 2300");
  }

  @Tag("sub-classic")
  @Test
  void subClassic() throws Exception {
    SyncCase run =
        new SyncCase(
                definitions(
                    "c: {priority: 2, parameters: SELECT request.user_id() AS u, data: [SELECT *"
                        + " FROM tasks WHERE owner = bucket.u]}"))
            .commit("0/1")
            .request(
                "{\"streams\":{\"include_defaults\":false,\"subscriptions\":[{\"stream\":\"c\","
                    + "\"parameters\":{\"x\":1},\"override_priority\":0}]}}");
    run.transcript();
    assertThat(SyncCase.buckets(run.checkpoint().get("buckets")))
        .containsExactly("1#c[\"ann\"] 0 0 p2 " + DEFAULT);
  }

  @Tag("sub-exclude-defaults")
  @Tag("sub-unknown-stream")
  @Test
  void subExcludeDefaultsAndUnknownStream() throws Exception {
    SyncCase run =
        twoNotes()
            .request(
                "{\"streams\":{\"include_defaults\":false,\"subscriptions\":[{\"stream\":\"nope\","
                    + "\"parameters\":null,\"override_priority\":null}]}}");
    assertThat(run.transcript()).containsExactly("CP 2", "DONE 2");
    assertThat(run.checkpoint().get("buckets")).isEmpty();
    assertThat(run.checkpoint().get("streams")).isEmpty();
  }

  /** What fails in a stream concerns its subscription; in a bucket definition, the request. */
  @Test
  void evaluationErrorsOfStreamsAreListedAndThoseOfDefinitionsFailTheRequest() throws Exception {
    String config =
        """
        config:
          edition: 2
        bucket_definitions:
          listed:
            parameters: SELECT value AS id FROM json_each(request.parameters() ->> 'ids')
            data: [SELECT * FROM notes WHERE id = bucket.id]
        streams:
          some:
            auto_subscribe: true
            query: SELECT * FROM notes WHERE id IN ifnull(subscription.parameter('ids'), '["n1"]')
        """;
    String subscription =
        "\"streams\":{\"subscriptions\":[{\"stream\":\"some\",\"override_priority\":null,"
            + "\"parameters\":{\"ids\":\"not json\"}}]}}";
    SyncCase run = new SyncCase(config).save("notes", "n1").commit("0/1");
    run.request("{\"parameters\":{\"ids\":\"[]\"}," + subscription);
    run.transcript();
    assertThat(SyncCase.buckets(run.checkpoint().get("buckets")))
        .containsExactly("1#some|0[\"n1\"] -884601452 1 p3 [{\"default\":1}]");
    assertThat(run.checkpoint().at("/streams/1/errors")).hasSize(1);
    assertThat(run.checkpoint().at("/streams/1/errors/0/subscription").intValue()).isZero();

    SyncCase failing = new SyncCase(config).commit("0/1");
    failing.request("{\"parameters\":{\"ids\":\"not json\"}," + subscription);
    assertThatThrownBy(failing::transcript)
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2001);
              assertThat(e.context()).containsEntry("definition", "listed");
            });
    assertThat(failing.scenario.lines).isEmpty();
  }

  @Tag("limit-after-first-line")
  @Test
  void limitAfterFirstLine() throws Exception {
    SyncCase run =
        new SyncCase(
            definitions(
                "mine: {parameters: SELECT orgs.id AS org FROM orgs WHERE orgs.owner ="
                    + " request.user_id(), data: [SELECT * FROM docs WHERE org = bucket.org]}"));
    run.scenario.limits(1, 1000);
    run.save("orgs", "o1", "owner", "ann").commit("0/1");
    run.later(1, () -> grow(run));
    assertThatThrownBy(run::transcript)
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2305));
    assertThat(Transcript.of(run.scenario.lines)).containsExactly("CP 1", "DONE 1");
  }

  /** A second row of the same lookup: the fake knows a lookup by its rows at once. */
  private static void grow(SyncCase run) {
    run.scenario.storage.alsoParameter(() -> run.save("orgs", "o2", "owner", "ann"));
    run.commit("0/2");
  }

  @Tag("state-unnamed-bucket-keeps-old")
  @Test
  void stateUnnamedBucketKeepsOld() throws IOException, InterruptedException {
    SyncCase run =
        new SyncCase(
                definitions(
                    "g1: {data: [\"SELECT * FROM t WHERE id = 'a'\"]}",
                    "g2: {data: [\"SELECT * FROM t WHERE id = 'b'\"]}"))
            .save("t", "a")
            .save("t", "b")
            .commit("0/1");
    run.scenario.changes(
        (after, upTo) -> new Changes.Only(Set.of(new BucketName("1#g1[]")), Set.of()));
    run.later(1, () -> run.save("t", "a", "x", "2").save("t", "b", "x", "2").commit("0/2"));
    assertThat(run.transcript())
        .containsExactly(
            "CP 2",
            "DATA 1#g1[] 0→1 [1]",
            "DATA 1#g2[] 0→2 [2]",
            "DONE 2",
            "DIFF 4 1#g1[]",
            "DATA 1#g1[] 1→3 [3]",
            "DONE 4");
  }

  @Tag("state-all")
  @Test
  void stateAll() throws IOException, InterruptedException {
    SyncCase run =
        new SyncCase(
                definitions(
                    "g1: {data: [\"SELECT * FROM t WHERE id = 'a'\"]}",
                    "g2: {data: [\"SELECT * FROM t WHERE id = 'b'\"]}"))
            .save("t", "a")
            .save("t", "b")
            .commit("0/1");
    run.scenario.changes(ChangeFeed.UNKNOWN);
    run.later(1, () -> run.save("t", "a", "x", "2").save("t", "b", "x", "2").commit("0/2"));
    assertThat(run.transcript()).contains("DIFF 4 1#g1[] 1#g2[]");
  }

  @Tag("state-dynamic-third")
  @Test
  void stateDynamicThird() throws IOException, InterruptedException {
    SyncCase run =
        new SyncCase(
            definitions(
                "p: {parameters: SELECT orgs.id AS org FROM orgs WHERE orgs.owner ="
                    + " request.user_id(), data: [SELECT * FROM docs WHERE org = bucket.org]}"));
    run.save("orgs", "o1", "owner", "ann").save("docs", "d1", "org", "o1");
    run.save("docs", "d2", "org", "o2").commit("0/1");
    run.later(1, () -> grow(run));
    assertThat(run.transcript())
        .containsExactly(
            "CP 3",
            "DATA 1#p[\"o1\"] 0→2 [2]",
            "DONE 3",
            "DIFF 4 1#p[\"o2\"]",
            "DATA 1#p[\"o2\"] 0→3 [3]",
            "DONE 4");
    assertThat(run.scenario.storage.reads).containsExactly("1#p[\"o1\"] 0", "1#p[\"o2\"] 0");
  }
}
