package org.powersync.jakarta.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.telemetry.Counters.Counter;
import org.powersync.jakarta.telemetry.Counters.Group;

class PrometheusTextTest {
  private final Counters counters = new Counters();

  @Test
  void everyCounterOfAGroupIsThereFromTheStartWithoutLabels() {
    String page =
        new PrometheusText()
            .metrics(counters.metrics(Group.API))
            .metrics(counters.metrics(Group.REPLICATION))
            .toString();
    assertThat(page.lines().filter(line -> !line.startsWith("#")))
        .contains(
            "powersync_concurrent_connections 0",
            "powersync_data_synced_bytes_total 0",
            "powersync_data_sent_bytes_total 0",
            "powersync_operations_synced_total 0",
            "powersync_data_replicated_bytes_total 0",
            "powersync_rows_replicated_total 0",
            "powersync_transactions_replicated_total 0",
            "powersync_chunks_replicated_total 0")
        .allMatch(line -> line.matches("powersync_[a-z_]+ [0-9]+"));
  }

  @Test
  void aMetricSaysWhatItIs() {
    counters.add(Counter.DATA_SYNCED_BYTES, 5);
    String page = new PrometheusText().metrics(counters.metrics(Group.API)).toString();
    assertThat(page)
        .contains(
            "# HELP powersync_data_synced_bytes_total Bytes of lines sent, before compression\n"
                + "# UNIT powersync_data_synced_bytes_total bytes\n"
                + "# TYPE powersync_data_synced_bytes_total counter\n"
                + "powersync_data_synced_bytes_total 5\n")
        .contains("# TYPE powersync_concurrent_connections gauge\n");
  }

  @Test
  void theTargetIsAGaugeWithLabels() {
    assertThat(new PrometheusText().target(Map.of("service", "a\"\\b\nc")).toString())
        .endsWith("target_info{service=\"a\\\"\\\\b\\nc\"} 1\n");
  }

  @Test
  void everyProcessShowsTheDurationsItMeasures() {
    String api = new PrometheusText().timings(counters, Counters.Group.API).toString();
    String replication =
        new PrometheusText().timings(counters, Counters.Group.REPLICATION).toString();
    assertThat(api)
        .contains("powersync_commit_line_seconds_count 0")
        .doesNotContain("powersync_commit_checkpoint_seconds");
    assertThat(replication)
        .contains("powersync_commit_checkpoint_seconds_count 0")
        .doesNotContain("_line_seconds");
  }

  @Test
  void timesOfCommitsAreKeptForTheLastCheckpoints() {
    for (int i = 0; i < 1000; i++) {
      counters.commitTimes().note("0/" + i, Instant.ofEpochSecond(i));
    }
    assertThat(counters.commitTimes().of("0/999")).contains(Instant.ofEpochSecond(999));
    assertThat(counters.commitTimes().of("0/1")).isEmpty();
  }

  @Test
  void durationsAreCountedUpToEachBound() {
    counters.time(Timing.FIRST_LINE, 700_000);
    counters.time(Timing.FIRST_LINE, 30_000_000);
    counters.time(Timing.FIRST_LINE, 90_000_000_000L);
    List<String> page =
        new PrometheusText()
            .timings(counters, Counters.Group.API)
            .toString()
            .lines()
            .filter(line -> line.startsWith("powersync_first_line_seconds"))
            .toList();
    assertThat(page)
        .contains(
            "powersync_first_line_seconds_bucket{le=\"0.001\"} 1",
            "powersync_first_line_seconds_bucket{le=\"0.025\"} 1",
            "powersync_first_line_seconds_bucket{le=\"0.05\"} 2",
            "powersync_first_line_seconds_bucket{le=\"30.0\"} 2",
            "powersync_first_line_seconds_bucket{le=\"+Inf\"} 3",
            "powersync_first_line_seconds_sum 90.0307",
            "powersync_first_line_seconds_count 3");
  }
}
