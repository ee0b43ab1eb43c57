package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.diagnostics.ServiceStatus;
import org.powersync.jakarta.replication.ReplicationStatus;
import org.powersync.jakarta.storage.BucketSizes;
import org.powersync.jakarta.storage.BucketStorageProvider.StorageMetrics;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.RowFailure;
import org.powersync.jakarta.storage.RowFailures;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.StreamStatus;
import org.powersync.jakarta.sync.OpenStream;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.telemetry.HealthReport;

class StatusDocumentTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final ReplicationStream STREAM =
      new ReplicationStream(
          new GroupId(1), "powersync_1_ab", StreamState.PROCESSING, 2, "text", Optional.empty());

  private static final List<RowFailures.Count> FAILURES =
      List.of(
          new RowFailures.Count(
              new RowFailure(
                  STREAM.id(),
                  TableName.of("public", "lists"),
                  "mine",
                  "invalid-json",
                  "not a JSON text"),
              3,
              NOW));

  private static ServiceStatus status(
      Optional<StorageMetrics> storage,
      List<ServiceStatus.Stream> streams,
      Optional<BucketSizes.Largest> buckets) {
    return new ServiceStatus(
        "1.0",
        "unified",
        Duration.ofSeconds(61),
        List.of(new ServiceStatus.Part("storage", HealthReport.down("unreachable"))),
        1,
        Map.of("powersync_operations_synced_total", 5L),
        storage,
        streams,
        buckets);
  }

  private static JsonNode json(ServiceStatus status, List<OpenStream> open) {
    return new ObjectMapper().valueToTree(StatusDocument.of(status, open, NOW));
  }

  @Test
  void saysEverythingThePageShows() {
    StreamStatus stored =
        new StreamStatus(
            STREAM.id(),
            StreamState.ACTIVE,
            true,
            Optional.of(new OpId(42)),
            Optional.of(new Lsn("0/2")),
            Optional.of(new Lsn("0/2")),
            Optional.empty(),
            Optional.of("stored error"),
            Optional.of(NOW.minusSeconds(30)),
            Optional.of(NOW.minusSeconds(90)));
    ReplicationStatus.Stream here =
        new ReplicationStatus.Stream(
            1,
            STREAM.name(),
            ReplicationStatus.Phase.WAITING_FOR_LOCK,
            "another process has it",
            NOW,
            Optional.empty(),
            Optional.of(new Lsn("0/3")),
            Optional.of(NOW),
            Optional.of(new Lsn("0/4")),
            OptionalLong.of(3),
            OptionalLong.of(1024),
            10,
            List.of(
                new ReplicationStatus.Table(
                    "public", "lists", 100, 50, false, OptionalDouble.of(12.5))),
            Optional.of(new ReplicationStatus.Problem(Optional.empty(), "own error", NOW)));
    BucketSizes.Largest largest =
        new BucketSizes.Largest(
            BucketSizes.Basis.COUNTED,
            List.of(new BucketSizes.Bucket(new BucketName("a[]"), 7, new OpId(41))));
    OpenStream open =
        new OpenStream(
            "ann", Optional.of("c1"), "sdk/1", NOW.minusSeconds(5), 12, Optional.of(new OpId(42)));

    JsonNode document =
        json(
            status(
                Optional.of(new StorageMetrics(1, 2, 3)),
                List.of(
                    new ServiceStatus.Stream(
                        STREAM, Optional.of(stored), Optional.of(here), FAILURES)),
                Optional.of(largest)),
            List.of(open));

    assertThat(document.at("/uptime_seconds").asLong()).isEqualTo(61);
    assertThat(document.at("/health/0/state").asText()).isEqualTo("DOWN");
    assertThat(document.at("/health/0/reason").asText()).isEqualTo("unreachable");
    assertThat(document.at("/streams/open").asLong()).isEqualTo(1);
    assertThat(document.at("/streams/list/0").toString())
        .isEqualTo(
            "{\"user_id\":\"ann\",\"client_id\":\"c1\",\"connected_seconds\":5,"
                + "\"operations\":12,\"last_op_id\":\"42\",\"user_agent\":\"sdk/1\"}");
    assertThat(document.at("/storage/parameter_bytes").asLong()).isEqualTo(2);
    JsonNode stream = document.at("/replication/0");
    assertThat(stream.at("/state").asText()).isEqualTo("ACTIVE");
    assertThat(stream.at("/phase").asText()).isEqualTo("Waiting for lock: another process has it");
    assertThat(stream.at("/confirmed_lsn").asText()).isEqualTo("0/3");
    assertThat(stream.at("/source_lsn").asText()).isEqualTo("0/4");
    assertThat(stream.at("/lag_seconds").asLong()).isEqualTo(3);
    assertThat(stream.at("/lag_bytes").asLong()).isEqualTo(1024);
    assertThat(stream.at("/checkpoint").asText()).isEqualTo("42");
    assertThat(stream.at("/checkpoint_age_seconds").asLong()).isEqualTo(30);
    assertThat(stream.at("/last_error").asText()).isEqualTo("own error");
    assertThat(stream.at("/tables/0/name").asText()).isEqualTo("public.lists");
    assertThat(stream.at("/tables/0/copied_rows").asLong()).isEqualTo(50);
    assertThat(stream.at("/tables/0/rows_per_second").asLong()).isEqualTo(13);
    assertThat(stream.at("/tables/0/seconds_left").asLong()).isEqualTo(4);
    assertThat(stream.at("/copy").toString())
        .isEqualTo(
            "{\"tables\":1,\"tables_done\":0,\"copied_rows\":50,\"estimated_rows\":100,"
                + "\"rows_per_second\":13,\"seconds_left\":4}");
    assertThat(stream.at("/row_failures").toString())
        .isEqualTo(
            "[{\"definition\":\"mine\",\"table\":\"public.lists\",\"about\":\"invalid-json\","
                + "\"text\":\"not a JSON text\",\"count\":3,\"last\":\"2026-11-25T12:00:00Z\"}]");
    assertThat(document.at("/buckets/largest/0/operations").asLong()).isEqualTo(7);
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    JsonNode document =
        json(
            status(
                Optional.empty(),
                List.of(
                    new ServiceStatus.Stream(
                        STREAM, Optional.empty(), Optional.empty(), List.of())),
                Optional.empty()),
            List.of());

    assertThat(document.at("/storage").isNull()).isTrue();
    JsonNode stream = document.at("/replication/0");
    assertThat(stream.at("/state").asText()).isEqualTo("PROCESSING");
    for (String name :
        List.of("confirmed_lsn", "lag_seconds", "checkpoint", "last_error", "copy")) {
      assertThat(stream.at("/" + name).isNull()).as(name).isTrue();
    }
    assertThat(stream.at("/tables")).isEmpty();
    assertThat(document.at("/buckets/note").asText()).isNotEmpty();
  }
}
