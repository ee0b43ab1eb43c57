package org.powersync.jakarta.syncconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The examples of {@code docs/sync-config.md} load, and do what the page says. */
class DocumentedExamplesTest {
  private static final Pattern FENCED = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final SourceRow TASK =
      SourceRow.of(List.of("id", "team_id"), List.of(SqlValue.of("1"), SqlValue.of("t1")));

  private static List<DeployedSyncConfig> examples() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "sync-config.md"));
    List<DeployedSyncConfig> examples = new ArrayList<>();
    Matcher fenced = FENCED.matcher(page);
    while (fenced.find()) {
      LoadResult loaded = SyncConfig.load(fenced.group(1), "public");
      assertThat(loaded.fatal()).as(fenced.group(1)).isEmpty();
      examples.add(loaded.config().orElseThrow().deployed(BucketNaming.UNVERSIONED));
    }
    return examples;
  }

  @Test
  void bucketDefinitions() throws IOException {
    DeployedSyncConfig config = examples().get(0);
    assertThat(config.evaluator(TableName.of("public", "tasks")).data(TASK).results())
        .extracting(row -> row.bucket().value())
        .containsExactly("by_team[\"t1\"]");
    RequestEvaluation evaluation = config.evaluate(request());
    assertThat(evaluation.staticBuckets())
        .extracting(bucket -> bucket.bucket().value())
        .containsExactly("global[]");
    assertThat(evaluation.dynamic()).isTrue();
  }

  @Test
  void streams() throws IOException {
    RequestEvaluation evaluation = examples().get(1).evaluate(request());
    assertThat(evaluation.staticBuckets())
        .extracting(bucket -> bucket.bucket().value())
        .containsExactly("my_lists|0[\"u\"]");
    assertThat(evaluation.dynamic()).isTrue();
  }

  @Test
  void compiledStreams() throws IOException {
    DeployedSyncConfig config = examples().get(2);
    SourceRow note =
        SourceRow.of(
            List.of("id", "team_id", "title", "size", "tags", "deleted"),
            List.of(
                SqlValue.of("n"),
                SqlValue.of("t1"),
                SqlValue.of("Note"),
                SqlValue.of(7),
                SqlValue.of("[\"red\"]"),
                SqlValue.of(0)));
    assertThat(config.evaluator(TableName.of("public", "notes")).data(note).results())
        .hasSize(2)
        .extracting(row -> row.bucket().value())
        .contains("team_notes|0[\"t1\"]")
        .anyMatch(bucket -> bucket.contains("\"red\"") && bucket.contains("\"t1\""));
    assertThat(config.evaluate(request()).dynamic()).isTrue();
  }

  @Test
  void events() throws IOException {
    DeployedSyncConfig config = examples().get(3);
    TableEvaluator checkpoints = config.evaluator(TableName.of("public", "checkpoints"));
    assertThat(checkpoints.triggersEvents()).isTrue();
    assertThat(
            checkpoints
                .events(SourceRow.of(List.of("user_id"), List.of(SqlValue.of("u"))))
                .results())
        .extracting(EventPayload::event)
        .containsExactly("write_checkpoints");
    assertThat(config.config().sourceTables())
        .contains(new TablePattern("default", "public", "checkpoints"));
  }

  private static SyncRequest request() {
    return new SyncRequest(Map.of("sub", "u"), Map.of(), true, List.of());
  }
}
