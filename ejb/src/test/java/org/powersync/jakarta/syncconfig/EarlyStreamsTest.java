package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** What the recorded vectors of early streams leave open. */
class EarlyStreamsTest {
  private static final TableName DOCS = TableName.of("public", "docs");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a = auth.user_id() OR b = auth.user_id() ; s|0[\"1\"] s|1[\"2\"]",
        "(a = auth.user_id() OR b = auth.user_id()) AND (c = auth.user_id() OR d = auth.user_id())"
            + " ; s|0[\"1\",\"3\"] s|1[\"1\",\"4\"] s|2[\"2\",\"3\"] s|3[\"2\",\"4\"]",
        "d = auth.user_id() AND (a = auth.user_id() OR b = auth.user_id())"
            + " ; s|0[\"1\",\"4\"] s|1[\"2\",\"4\"]",
        "NOT (auth.parameter('x') OR a = '2') AND d = auth.user_id() ; s|0[\"4\"]",
        "auth.user_id() IN list ; s|0[\"x\"] s|0[1]",
        "list && auth.parameter('tags') ; s|0[\"x\"] s|0[1]",
        "list && (SELECT x FROM tags WHERE u = auth.user_id()) ; s|0[\"x\"] s|0[1]",
        "a = '1' OR d = '5' ; s|0[]"
      })
  void aConditionBecomesVariants(String condition, String buckets) {
    SourceRow row =
        SourceRow.of(
            List.of("id", "a", "b", "c", "d", "list"),
            texts("r", "1", "2", "3", "4", "[\"x\",1,null]"));
    assertThat(
            deployed("SELECT id FROM docs WHERE " + condition).evaluator(DOCS).data(row).results())
        .extracting(r -> r.bucket().value())
        .containsExactlyInAnyOrder(buckets.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "NOT (a = auth.user_id()) ; negation-not-allowed",
        "a NOT IN (SELECT x FROM t WHERE u = auth.user_id()) ; negation-not-allowed",
        "connection.user_id() = a ; user-id-only-on-auth",
        "auth.nothing() = a ; unknown-request-function",
        "request.user_id() = a ; unknown-function",
        "auth.parameter(a) = 1 ; expression-not-supported",
        "a || auth.user_id() = 'x' ; row-and-parameter-mixed",
        "(a = auth.user_id()) = 1 ; parameter-match-not-allowed",
        "a IN (SELECT x, y FROM t WHERE u = auth.user_id()) ; subquery-one-column",
        "a IN (SELECT x FROM t WHERE NOT (u = auth.user_id())) ; negation-not-allowed",
        "a IN (SELECT auth.user_id() FROM t WHERE u = auth.user_id()) ; parameter-match-not-allowed"
      })
  void refusesWhatTheLanguageHasNot(String condition, String about) {
    LoadResult loaded = load("SELECT id FROM docs WHERE " + condition);
    assertThat(loaded.fatal()).extracting(ConfigMessage::about).containsExactly(about);
  }

  @Test
  void aRequestConditionInASubqueryDecidesBeforeAnythingIsAsked() {
    DeployedSyncConfig config =
        deployed(
            "SELECT id FROM docs WHERE a IN (SELECT x FROM t WHERE u = auth.user_id() AND"
                + " auth.parameter('admin'))");
    assertThat(config.evaluate(request(Map.of("sub", "u"))).dynamic()).isFalse();
    assertThat(config.evaluate(request(Map.of("sub", "u", "admin", true))).dynamic()).isTrue();
  }

  @Test
  void eachSubscriptionHasItsOwnParametersPriorityAndErrors() {
    DeployedSyncConfig config =
        deployed("SELECT id FROM docs WHERE a IN subscription.parameter('ids')");
    SyncRequest request =
        new SyncRequest(
            Map.of("sub", "u"),
            Map.of(),
            false,
            List.of(
                new SyncRequest.Subscription("s", Map.of("ids", List.of("1")), OptionalInt.of(1)),
                new SyncRequest.Subscription("s", Map.of("ids", "[bad"), OptionalInt.empty()),
                new SyncRequest.Subscription("other", Map.of(), OptionalInt.empty())));
    RequestEvaluation evaluation = config.evaluate(request);
    assertThat(evaluation.staticBuckets())
        .containsExactly(
            new ResolvedBucket(
                new BucketName("s|0[\"1\"]"),
                1,
                "s",
                List.of(SyncRequest.Reason.ofSubscription(0))));
    assertThat(evaluation.errors())
        .extracting(e -> e.reason().orElseThrow().subscription().getAsInt())
        .containsExactly(1);
  }

  @Test
  void namesOfBucketsAreVersionedAndThoseOfLookupsAreNot() {
    DeployedSyncConfig config =
        load("SELECT id FROM docs WHERE a IN (SELECT x FROM t WHERE u = auth.user_id())")
            .config()
            .orElseThrow()
            .deployed(BucketNaming.versioned(7));
    SourceRow row = SourceRow.of(List.of("id", "a"), texts("r", "1"));
    assertThat(config.evaluator(DOCS).data(row).results())
        .extracting(r -> r.bucket().value())
        .containsExactly("7#s|0[\"1\"]");
    Set<ParameterLookup> lookups =
        config
            .evaluator(TableName.of("public", "t"))
            .parameters(SourceRow.of(List.of("x", "u"), texts("1", "u")))
            .results()
            .stream()
            .map(ParameterEntry::lookup)
            .collect(Collectors.toSet());
    assertThat(lookups).containsExactly(new ParameterLookup("s", "0", List.of(SqlValue.of("u"))));
  }

  @Test
  void hugeRequestArraysFailTheStreamNotTheServer() {
    DeployedSyncConfig config =
        deployed(
            "SELECT id FROM docs WHERE a IN subscription.parameter('x') AND b IN"
                + " subscription.parameter('x')");
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("x", java.util.Collections.nCopies(1000, "v"));
    RequestEvaluation evaluation =
        config.evaluate(
            new SyncRequest(
                Map.of("sub", "u"),
                Map.of(),
                false,
                List.of(new SyncRequest.Subscription("s", parameters, OptionalInt.empty()))));
    assertThat(evaluation.staticBuckets()).isEmpty();
    assertThat(evaluation.errors())
        .extracting(SyncRequest.StreamError::about)
        .containsExactly("too-many-combinations");
  }

  private static LoadResult load(String query) {
    return SyncConfig.load(
        "config: {edition: 2}\nstreams:\n  s:\n    query: >-\n      " + query + "\n", "public");
  }

  private static DeployedSyncConfig deployed(String query) {
    LoadResult loaded = load(query);
    assertThat(loaded.fatal()).isEmpty();
    return loaded.config().orElseThrow().deployed(BucketNaming.UNVERSIONED);
  }

  private static SyncRequest request(Map<String, Object> token) {
    return new SyncRequest(
        token,
        Map.of(),
        true,
        List.of(new SyncRequest.Subscription("s", Map.of(), OptionalInt.empty())));
  }

  private static List<SqlValue> texts(String... texts) {
    return List.of(texts).stream().map(SqlValue::of).toList();
  }
}
