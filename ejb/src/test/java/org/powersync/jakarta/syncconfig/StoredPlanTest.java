package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

class StoredPlanTest {
  private static final String CONFIG =
      """
      config:
        edition: 3
        fixed_json_extract: false
        timestamp_max_precision: milliseconds
      streams:
        s:
          auto_subscribe: true
          query: SELECT id FROM d WHERE team IN (SELECT team FROM m WHERE u = auth.user_id())
      """;

  private final ObjectMapper mapper = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"streams-e3-v2.sql", "streams-e3-v3.sql"})
  void isWhatTheReferenceStored(String file) throws IOException {
    String dump =
        Files.readString(Path.of(System.getProperty("vectors.syncConfig"), "../adoption", file));
    Matcher stored =
        Pattern.compile("'(config:\n.*?\n)', NULL, [23], '(\\{.*\\})'\\);", Pattern.DOTALL)
            .matcher(dump);
    assertThat(stored.find()).isTrue();
    JsonNode reference = mapper.readTree(stored.group(2).replace("''", "'"));
    JsonNode ours = mapper.readTree(plan(stored.group(1).replace("''", "'")));
    assertThat(ours.get("plan")).isEqualTo(reference.get("plan"));
    assertThat(ours.get("compatibility")).isEqualTo(reference.get("compatibility"));
    assertThat(ours.get("eventDescriptors")).isEqualTo(reference.get("eventDescriptors"));
    assertThat(ours.get("errors")).hasSameSizeAs(reference.get("errors"));
    assertThat(SyncConfig.ofStoredPlan(reference.toString(), "public").definitions())
        .extracting(DefinitionInfo::name)
        .containsExactly("my_lists", "shared_lists", "todos_of");
  }

  @Test
  void keepsOptionsAndIsTheSameWhenReadAgain() throws IOException {
    String plan = plan(CONFIG);
    assertThat(mapper.readTree(plan).get("compatibility"))
        .isEqualTo(
            mapper.readTree(
                "{\"edition\":3,\"overrides\":{\"fixed_json_extract\":false},"
                    + "\"maxTimeValuePrecision\":3}"));
    SyncConfig again = SyncConfig.ofStoredPlan(plan, "public");
    assertThat(again.compatibility().fixedJsonExtract()).isFalse();
    assertThat(again.compatibility().maxTimePrecision()).isEqualTo(OptionalInt.of(3));
    assertThat(again.storedPlan()).contains(plan);
    assertThat(again.sourceTables())
        .containsExactlyInAnyOrder(
            new TablePattern("default", "public", "d"), new TablePattern("default", "public", "m"));
  }

  @Test
  void onlyEditionThreeHasOne() {
    LoadResult loaded =
        SyncConfig.load("{bucket_definitions: {g: {data: [SELECT id FROM a]}}}", "public");
    assertThat(loaded.config().orElseThrow().storedPlan()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\":1|\"version\":3|newer",
        "\"bucket\":0|\"bucket\":1|index below 1",
        "\"sources\":[0]|\"sources\":[7]|index below 1",
        "\"lookup\":0|\"lookup\":4|index below 1",
        "\"stageId\":0|\"stageId\":1|index below 1",
        "\"resultIndex\":0|\"resultIndex\":9|index below 1",
        "{\"column\":\"u\"}|{\"request\":\"auth\"}|no such data",
        "\"streams\"|\"strems\"|streams is missing",
        "\"function\":\"->>\"|\"function\":7|a text is needed",
        "{\"compatibility\"|{{|malformed"
      })
  void isRefusedWhenDamaged(String part, String damaged, String problem) {
    String plan = plan(CONFIG);
    assertThat(plan).contains(part);
    assertThatThrownBy(() -> SyncConfig.ofStoredPlan(plan.replace(part, damaged), "public"))
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_R0001))
        .hasMessageContaining("deploy the sync config again")
        .hasMessageContaining(problem);
  }

  private static String plan(String yaml) {
    LoadResult loaded = SyncConfig.load(yaml, "public");
    assertThat(loaded.fatal()).isEmpty();
    return loaded.config().orElseThrow().storedPlan().orElseThrow();
  }
}
