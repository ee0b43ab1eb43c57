package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.DeployedSyncConfig;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class ExplanationDocumentTest {
  private final DeployedSyncConfig config =
      SyncConfig.load(
              """
              bucket_definitions:
                all:
                  data: [SELECT * FROM lists]
                mine:
                  parameters: SELECT team FROM members WHERE user_id = request.user_id()
                  data: ["SELECT id, json_extract(meta, '$.a') AS a FROM lists WHERE team = bucket.team"]
              """,
              "public")
          .config()
          .orElseThrow()
          .deployed(BucketNaming.UNVERSIONED);

  private static String json(Object document) throws Exception {
    return new ObjectMapper().writeValueAsString(document);
  }

  @Test
  void saysWhereARowGoes() throws Exception {
    SourceRow row =
        SourceRow.of(
            List.of("id", "team", "meta"),
            List.of(SqlValue.of("1"), SqlValue.of(5), SqlValue.of("{")));
    assertThat(json(ExplanationDocument.rows(config.explain(TableName.of("public", "lists"), row))))
        .contains("\"definition\":\"all\"", "\"buckets\":[\"all[]\"]")
        .contains("\"definition\":\"mine\"", "\"about\":\"invalid-json\"");
    SourceRow member =
        SourceRow.of(List.of("team", "user_id"), List.of(SqlValue.of(5), SqlValue.of("ann")));
    assertThat(
            json(
                ExplanationDocument.rows(
                    config.explain(TableName.of("public", "members"), member))))
        .contains("\"values\":[\"ann\"]");
  }

  @Test
  void numbersKeepTheirDigits() throws Exception {
    SqlValue wide = SqlValue.of(new BigInteger("123456789012345678901"));
    assertThat(lookupsOf(wide)).contains("\"values\":[123456789012345678901]");
    assertThat(lookupsOf(SqlValue.of(9007199254740993L))).contains("\"values\":[9007199254740993]");
    assertThat(lookupsOf(SqlValue.of(1.5))).contains("\"values\":[1.5]");
    assertThat(lookupsOf(SqlValue.of(Double.NaN))).contains("\"values\":[\"Real[value=NaN]\"]");
  }

  private String lookupsOf(SqlValue user) throws Exception {
    SourceRow row = SourceRow.of(List.of("team", "user_id"), List.of(SqlValue.of(5), user));
    return json(ExplanationDocument.rows(config.explain(TableName.of("public", "members"), row)));
  }

  @Test
  void saysWhatARequestGets() throws Exception {
    SyncRequest request =
        new SyncRequest(
            Map.of("sub", "ann"),
            Map.of(),
            true,
            List.of(new SyncRequest.Subscription("none", Map.of(), OptionalInt.empty())));
    assertThat(json(ExplanationDocument.requests(config.explain(request, asked -> Map.of()))))
        .contains("\"outcome\":\"buckets\"", "{\"bucket\":\"all[]\",\"priority\":3,")
        .contains("\"reasons\":[\"default\"]")
        .contains("\"outcome\":\"nothing_found\"", "\"values\":[\"ann\"]");
  }
}
