package org.powersync.jakarta.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Which buckets are announced, and limits (sync API sections 3.5, 3.6 and 3.13). */
class SyncStreamBucketsTest {
  private static final String SUBSCRIBED =
      """
      {"raw_data":true,"streams":{"include_defaults":%s,"subscriptions":[
        {"stream":"a","parameters":{"x":1},"override_priority":null},
        {"stream":"a","parameters":null,"override_priority":%s},
        {"stream":"nope","parameters":null,"override_priority":null}]}}\
      """;

  private final StreamScenario scenario = new StreamScenario();
  private final List<ResolvedBucket> dynamic = new ArrayList<>();

  private void becomes(String... buckets) {
    dynamic.clear();
    for (String bucket : buckets) {
      dynamic.add(StreamScenario.resolved("d", bucket, 3, OptionalInt.empty()));
    }
  }

  @Tag("sub-static-dynamic-duplicate")
  @Test
  void aBucketReachedInSeveralWaysIsSentOnce() throws Exception {
    scenario
        .definition("z", true)
        .definition("a", false)
        .also("a", "1#a[]", 3, OptionalInt.of(0))
        .also("a", "1#a[]", 2, OptionalInt.of(1))
        .also("z", "1#a[]", 3, OptionalInt.empty())
        .dynamic(source -> List.of(StreamScenario.resolved("a", "1#a[]", 3, OptionalInt.of(0))))
        .request(SUBSCRIBED.formatted("true", "2"));
    scenario.storage.put("1#a[]", 1);
    scenario.storage.commit("0/1");

    List<String> lines = scenario.linesOfRun();

    assertThat(lines.get(0))
        .contains(
            "\"buckets\":[{\"bucket\":\"1#a[]\",\"checksum\":1,\"count\":1,\"priority\":2,"
                + "\"subscriptions\":[{\"sub\":0},{\"sub\":1},{\"default\":0},{\"sub\":0}]}]")
        .contains(
            "\"streams\":[{\"name\":\"z\",\"is_default\":true,\"errors\":[]},"
                + "{\"name\":\"a\",\"is_default\":false,\"errors\":[]}]");
    assertThat(Transcript.of(lines)).containsExactly("CP 1", "DATA 1#a[] 0→1 [1]", "DONE 1");
  }

  @Tag("sub-stream-order")
  @Test
  void streamsComeInTheOrderOfTheConfig() throws Exception {
    scenario
        .definition("stream", true)
        .definition("a", false)
        .definition("aaa", true)
        .also("aaa", "1#aaa[]", 3, OptionalInt.empty())
        .request(SUBSCRIBED.formatted("true", "null"));
    scenario.storage.commit("0/1");

    assertThat(scenario.linesOfRun().get(0))
        .contains("\"bucket\":\"1#aaa[]\"")
        .contains("\"subscriptions\":[{\"default\":2}]")
        .contains(
            "\"streams\":[{\"name\":\"stream\",\"is_default\":true,\"errors\":[]},"
                + "{\"name\":\"a\",\"is_default\":false,\"errors\":[]},"
                + "{\"name\":\"aaa\",\"is_default\":true,\"errors\":[]}]");
  }

  @Test
  void streamsInForceAreDefaultsAndNamedOnes() throws Exception {
    scenario
        .definition("z", true)
        .definition("a", true)
        .definition("c", false)
        .request(SUBSCRIBED.formatted("false", "null"));
    scenario.storage.commit("0/1");

    assertThat(scenario.linesOfRun().get(0))
        .endsWith("\"streams\":[{\"name\":\"a\",\"is_default\":true,\"errors\":[]}]}}");
  }

  @Test
  void aPriorityOutOfRangeIsAnErrorOfItsSubscriptionOnly() throws Exception {
    scenario
        .definition("a", false)
        .also("a", "1#a[0]", 3, OptionalInt.of(0))
        .also("a", "1#a[1]", 3, OptionalInt.of(1))
        .request(SUBSCRIBED.formatted("true", "1.5"));
    scenario.storage.commit("0/1");

    assertThat(scenario.linesOfRun().get(0))
        .contains("1#a[0]")
        .doesNotContain("1#a[1]")
        .contains(
            "\"errors\":[{\"subscription\":1,"
                + "\"message\":\"override_priority must be 0, 1, 2 or 3\"}]");
  }

  @Test
  void evaluationErrorsAreListedWithTheirStream() throws Exception {
    scenario.definition("a", true).request(SUBSCRIBED.formatted("true", "null"));
    scenario.errors.add(
        new SyncRequest.StreamError(
            "a",
            java.util.Optional.of(SyncRequest.Reason.ofSubscription(1)),
            "invalid-json",
            "not JSON"));
    scenario.errors.add(
        new SyncRequest.StreamError(
            "a", java.util.Optional.of(SyncRequest.Reason.DEFAULT), "invalid-json", "nor this"));
    scenario.storage.commit("0/1");

    assertThat(scenario.linesOfRun().get(0))
        .contains(
            "\"errors\":[{\"subscription\":1,\"message\":\"not JSON\"},"
                + "{\"subscription\":\"default\",\"message\":\"nor this\"}]");
  }

  @Test
  void aBucketThatLeavesAndReturnsStartsAnew() throws Exception {
    scenario.definition("d", true).dynamic(source -> List.copyOf(dynamic));
    becomes("1#d[1]", "1#d[2]");
    scenario.storage.put("1#d[1]", 1);
    scenario.storage.put("1#d[2]", 1);
    scenario.storage.commit("0/1");
    scenario.at(
        Duration.ofSeconds(1),
        () -> {
          becomes("1#d[2]");
          scenario.storage.skipOp();
          scenario.storage.commit("0/2");
        });
    scenario.at(
        Duration.ofSeconds(2),
        () -> {
          becomes("1#d[1]", "1#d[2]");
          scenario.storage.skipOp();
          scenario.storage.commit("0/3");
        });

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly(
            "CP 2",
            "DATA 1#d[1] 0→1 [1]",
            "DATA 1#d[2] 0→2 [2]",
            "DONE 2",
            "DIFF 3 -1#d[1]",
            "DONE 3",
            "DIFF 4 1#d[1]",
            "DATA 1#d[1] 0→1 [1]",
            "DONE 4");
  }

  @Test
  void aPositionInABucketTheFirstCheckpointDoesNotListIsForgotten() throws Exception {
    scenario.definition("d", true).dynamic(source -> List.copyOf(dynamic));
    scenario.request("{\"raw_data\":true,\"buckets\":[{\"name\":\"1#d[1]\",\"after\":\"1\"}]}");
    scenario.storage.put("1#d[1]", 1);
    scenario.storage.commit("0/1");
    scenario.at(
        Duration.ofSeconds(1),
        () -> {
          becomes("1#d[1]");
          scenario.storage.skipOp();
          scenario.storage.commit("0/2");
        });

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly("CP 1", "DONE 1", "DIFF 2 1#d[1]", "DATA 1#d[1] 0→1 [1]", "DONE 2");
  }

  @Test
  void writeCheckpointsAppearVanishAndReturnHigher() throws Exception {
    scenario.bucket("b", "1#b[]", 3);
    scenario.storage.commit("0/1");
    scenario.storage.writeCheckpoint("ann", "0/1", 1);
    scenario.at(
        Duration.ofSeconds(1),
        () -> {
          scenario.storage.writeCheckpoint("ann", "0/5", 2);
          scenario.storage.keepalive("0/4");
        });
    scenario.at(Duration.ofSeconds(2), () -> scenario.storage.keepalive("0/5"));

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly("CP 0 wc1", "DONE 0", "DIFF 0", "DONE 0", "DIFF 0 wc2", "DONE 0");
  }

  @Test
  void aWriteCheckpointIsOnEveryLineWhileItExists() throws Exception {
    scenario.bucket("b", "1#b[]", 3);
    scenario.storage.commit("0/1");
    scenario.storage.writeCheckpoint("ann", "0/1", 7);
    for (int second = 1; second <= 2; second++) {
      scenario.at(
          Duration.ofSeconds(second),
          () -> {
            scenario.storage.put("1#b[]", 1);
            scenario.storage.commit("0/2");
          });
    }

    assertThat(Transcript.of(scenario.linesOfRun()))
        .containsExactly(
            "CP 0 wc7",
            "DONE 0",
            "DIFF 1 wc7 1#b[]",
            "DATA 1#b[] 0→1 [1]",
            "DONE 1",
            "DIFF 2 wc7 1#b[]",
            "DATA 1#b[] 1→2 [2]",
            "DONE 2");
  }

  @Tag("limit-buckets")
  @Test
  void tooManyBucketsAreRefusedWithABreakdown() {
    scenario.definition("few", true).definition("many", true).limits(50, 1000);
    for (int i = 0; i < 60; i++) {
      scenario.also(i < 20 ? "few" : "many", "1#b[" + i + "]", 3, OptionalInt.empty());
    }
    scenario.storage.commit("0/1");

    assertThatThrownBy(scenario::run)
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2305);
              assertThat(e.context())
                  .containsEntry("buckets", 60)
                  .containsEntry("limit", 50)
                  .containsEntry("sync streams", "many: 40, few: 20");
            });
    assertThat(scenario.lines).isEmpty();
  }

  @Test
  void theBreakdownShowsAHundredDefinitionsAndCountsTheRest() {
    scenario.limits(50, 1000).definition("z", true);
    scenario.also("z", "1#z[1]", 3, OptionalInt.empty());
    scenario.also("z", "1#z[2]", 3, OptionalInt.empty());
    for (int i = 0; i < 102; i++) {
      scenario.bucket("d" + i, "1#d" + i + "[]", 3);
    }
    scenario.storage.commit("0/1");

    assertThatThrownBy(scenario::run)
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            e ->
                assertThat((String) e.context().get("sync streams"))
                    .startsWith("z: 2, d0: 1, d1: 1, ")
                    .endsWith(" and 3 more")
                    .satisfies(text -> assertThat(text.split(", ")).hasSize(100)));
  }

  /** It is noticed when the connection listens, after a thousand operations. */
  @Test
  void aLimitThatIsExceededWhileDataIsSentStopsItAfterTheLineAtHand() {
    scenario.limits(2, 1000).bucket("bulk", "1#bulk[]", 3).definition("d", true);
    scenario.dynamic(source -> List.copyOf(dynamic));
    scenario.storage.put("1#bulk[]", 5000);
    scenario.storage.commit("0/1");
    scenario.after(
        "\"after\":\"1000\"",
        () -> {
          becomes("1#d[1]", "1#d[2]");
          scenario.storage.skipOp();
          scenario.storage.commit("0/2");
        });

    assertThatThrownBy(scenario::run)
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S2305));
    assertThat(scenario.lines).hasSize(3);
    assertThat(scenario.lines.get(2)).contains("\"after\":\"1000\"");
  }

  /** Lookups of one query, each with another value. */
  private static List<ParameterLookup> keys(String name, String query, int count) {
    List<ParameterLookup> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(new ParameterLookup(name, query, List.of(SqlValue.of(i))));
    }
    return keys;
  }

  @Tag("limit-lookups")
  @Test
  void tooManyLookupsOfAQueryAreRefusedWithoutAsking() {
    List<ParameterLookup> asked = keys("few", "1", 2);
    asked.addAll(keys("many", "2", 100));
    scenario.definition("d", true).limits(1000, 10);
    scenario.dynamic(
        source -> {
          source.find(asked);
          return List.of();
        });
    scenario.storage.commit("0/1");

    assertThatThrownBy(scenario::run)
        .hasMessageContaining("PSYNC_S2305")
        .hasMessageContaining("lookups=100")
        .hasMessageContaining("limit=10")
        .hasMessageContaining("query=many#2");
    assertThat(scenario.storage.lookupCalls).isZero();
  }

  /** What a query may ask for is not less because others ask at the same time. */
  @Test
  void severalQueriesMayHaveMoreLookupsTogether() throws Exception {
    List<ParameterLookup> asked = new ArrayList<>();
    for (String query : List.of("1", "2", "3")) {
      asked.addAll(keys("d", query, 10));
    }
    scenario.definition("d", true).limits(1000, 10);
    scenario.dynamic(
        source -> {
          source.find(asked);
          return List.of();
        });
    scenario.storage.commit("0/1");

    assertThat(Transcript.of(scenario.linesOfRun())).containsExactly("CP 0", "DONE 0");
    assertThat(scenario.storage.lookupCalls).isEqualTo(1);
  }

  private void results(String query, int rows) {
    OutputRow row = new OutputRow(List.of("id"), List.of(SqlValue.of(1)));
    scenario.storage.parameter(keys(query, "", 1).get(0), java.util.Collections.nCopies(rows, row));
  }

  @Test
  void theBreakdownNamesTheQueryThatHitTheLimitAmongThoseAskedTogether() {
    List<ParameterLookup> asked = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      results("q" + i, i);
      asked.addAll(keys("q" + i, "", 1));
    }
    scenario.definition("d", true).limits(1000, 70);
    scenario.dynamic(
        source -> {
          source.find(asked);
          return List.of();
        });
    scenario.storage.commit("0/1");

    assertThatThrownBy(scenario::run)
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            e ->
                assertThat(e.context())
                    .containsEntry("reachedBy", "q12")
                    .containsEntry("budgetLeft", 4)
                    .containsEntry("total", 70)
                    .containsEntry(
                        "before",
                        "q11: 11, q10: 10, q9: 9, q8: 8, q7: 7, q6: 6, q5: 5, q4: 4, q3: 3"
                            + " and 2 more"));
  }

  @Test
  void theLookupsOfOneEvaluationShareABudget() {
    scenario.definition("d", true).limits(1000, 10);
    results("q0", 7);
    results("q1", 4);
    scenario.dynamic(
        source -> {
          source.find(keys("q0", "", 1));
          source.find(keys("q1", "", 1));
          return List.of();
        });
    scenario.storage.commit("0/1");

    assertThatThrownBy(scenario::run)
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            e ->
                assertThat(e.context())
                    .containsEntry("budgetLeft", 3)
                    .containsEntry("reachedBy", "q1")
                    .containsEntry("before", "q0: 7"));
  }
}
