package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class ExplanationTest {
  private static final DeployedSyncConfig CONFIG =
      SyncConfig.load(
              """
              config: {edition: 2}
              bucket_definitions:
                own:
                  parameters: SELECT request.user_id() AS u
                  data:
                    - SELECT id FROM docs WHERE owner = bucket.u
                    - SELECT id FROM docs WHERE upper(owner) = bucket.u AND json_valid(owner)
                admin:
                  parameters: SELECT WHERE request.jwt() ->> 'admin'
                  data: []
              streams:
                shared:
                  auto_subscribe: true
                  query: >-
                    SELECT id FROM docs
                    WHERE id IN (SELECT doc FROM shares WHERE user_id = auth.user_id())
                wanted:
                  query: SELECT id FROM docs WHERE id = subscription.parameter('id')
                listed:
                  auto_subscribe: true
                  query: SELECT id FROM docs WHERE id IN auth.parameter('list')
              """,
              "public")
          .config()
          .orElseThrow()
          .deployed(BucketNaming.UNVERSIONED);

  @Test
  void everyQueryOverTheTableSaysWhereItPutsTheRow() {
    SourceRow row =
        SourceRow.of(List.of("id", "owner"), List.of(SqlValue.of("d"), SqlValue.of("u")));
    List<RowExplanation> explanations = CONFIG.explain(TableName.of("public", "docs"), row);
    assertThat(explanations)
        .extracting(e -> e.definition() + " " + e.buckets())
        .containsExactly(
            "own [own[\"u\"]]",
            "own []",
            "shared [shared|0[\"d\"]]",
            "wanted [wanted|0[\"d\"]]",
            "listed [listed|0[\"d\"]]");
    assertThat(explanations.get(0).query()).isEqualTo("SELECT id FROM docs WHERE owner = bucket.u");
  }

  @Test
  void everyDefinitionSaysWhyItGivesBucketsOrNone() {
    SyncRequest request =
        new SyncRequest(Map.of("sub", "u", "list", "[bad"), Map.of(), true, List.of());
    List<RequestExplanation> explanations = CONFIG.explain(request, lookups -> Map.of());
    assertThat(explanations)
        .extracting(e -> e.definition() + " " + e.outcome())
        .containsExactly(
            "own BUCKETS",
            "admin CONDITION_NOT_MET",
            "shared NOTHING_FOUND",
            "wanted NOT_SUBSCRIBED",
            "listed FAILED");
    assertThat(explanations.get(2).unanswered())
        .containsExactly(new ParameterLookup("shared", "0", List.of(SqlValue.of("u"))));
    assertThat(explanations.get(4).errors().get(0).about()).isEqualTo("invalid-json");
  }
}
