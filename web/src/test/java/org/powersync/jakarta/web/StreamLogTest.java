package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.powersync.jakarta.storage.BucketOperation.Kind;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.StreamCaller;
import org.powersync.jakarta.sync.StreamEnd;
import org.powersync.jakarta.sync.StreamJournal.CheckpointNote;
import org.powersync.jakarta.sync.StreamJournal.DeliveryNote;
import org.powersync.jakarta.sync.StreamJournal.Outcome;
import org.powersync.jakarta.sync.StreamJournal.Phase;
import org.powersync.jakarta.sync.StreamRequest;
import org.powersync.jakarta.sync.StreamTotals;
import org.powersync.jakarta.syncconfig.BucketName;

/** What the log says of a stream, sentence by sentence (sync API section 7.3). */
class StreamLogTest {
  private static final StreamTotals TOTALS =
      new StreamTotals(Map.of(Kind.PUT, 7L), 900, List.of(new BucketName("1#large[]")));

  private final Logger logger = Logger.getLogger(StreamLog.class.getName());
  private final List<LogRecord> records = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          records.add(record);
        }

        @Override
        public void flush() {
          assertThat(records).isNotNull();
        }

        @Override
        public void close() {
          records.clear();
        }
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.FINE);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    logger.setLevel(null);
  }

  private static StreamLog log(Map<String, Object> request) {
    return StreamLog.ofHttp(
        RequestId.http(),
        "sdk/1",
        new StreamCaller("ann", Map.of("sub", "ann", "secret", "of the token"), Instant.MAX),
        StreamRequest.of(request),
        true,
        "zstd");
  }

  private static StreamLog log() {
    return log(Map.of("client_id", "c1"));
  }

  /** The only record, as one text; its level in front. */
  private String record() {
    assertThat(records).hasSize(1);
    return records.get(0).getLevel() + " " + LogLine.text(records.get(0)).substring(11);
  }

  @Test
  void valuesAreBoundedAndOnOneLine() {
    assertThat(StreamLog.cut("a\r\nb")).isEqualTo("a  b");
    assertThat(StreamLog.cut("x".repeat(100))).hasSize(100).doesNotContain(".");
    assertThat(StreamLog.cut("x".repeat(101))).hasSize(100).endsWith("x...");
  }

  @Test
  void theStartSaysWhoAsksForWhat() {
    log(Map.of(
            "client_id",
            "c1",
            "app_metadata",
            Map.of("version", "1.2"),
            "parameters",
            Map.of("project", "x".repeat(101))))
        .started();
    assertThat(record())
        .startsWith("INFO Sync stream started: rid=h/")
        .contains(
            " user_id=ann client_id=c1 user_agent=sdk/1 bson=true encoding=zstd"
                + " app_metadata={version=1.2} parameters={project="
                + "x".repeat(97)
                + "...}")
        .doesNotContain("of the token");
  }

  @Test
  void ofManyParametersTwentyAreShown() {
    Map<String, Object> many = new LinkedHashMap<>();
    for (int i = 1; i <= 21; i++) {
      many.put("k" + i, "v");
    }
    log(Map.of("parameters", many)).started();
    assertThat(record()).contains("k20=v, …}").doesNotContain("k21");
    records.clear();
    many.remove("k21");
    log(Map.of("parameters", many)).started();
    assertThat(record()).contains("k20=v}").doesNotContain("…");
  }

  @Test
  void checkpointLinesSayWhatTheyChange() {
    log()
        .announced(
            new CheckpointNote(
                new OpId(5),
                OptionalLong.of(3),
                4,
                2,
                true,
                List.of(new BucketName("1#a[]"), new BucketName("1#b[]")),
                List.of()));
    assertThat(record())
        .startsWith("FINE Checkpoint: rid=h/")
        .endsWith(
            " checkpoint=5 write_checkpoint=3 buckets=4 parameter_results=2"
                + " bucket_names=[1#a[], 1#b[]]");
    records.clear();
    log()
        .announced(
            new CheckpointNote(
                new OpId(6),
                OptionalLong.empty(),
                4,
                2,
                false,
                List.of(new BucketName("1#a[]")),
                List.of(new BucketName("1#b[]"))));
    assertThat(record()).endsWith(" parameter_results=2 updated=[1#a[]] removed=[1#b[]]");
  }

  @ParameterizedTest
  @CsvSource({
    "COMPLETE, Checkpoint complete:",
    "PARTIAL, Checkpoint complete up to a priority:",
    "COMPACTED, Checkpoint invalidated (compacted):",
    "COMPACTED_BEFORE_CHECKPOINT_LINE,"
        + " Checkpoint invalidated (compacted_before_checkpoint_line):",
    "CHECKPOINT_SUPERSEDED, Checkpoint invalidated (checkpoint_superseded):",
    "CHECKPOINT_CANCELLED, Checkpoint invalidated (checkpoint_cancelled):",
    "CHECKPOINT_ERROR, Checkpoint invalidated (checkpoint_error):"
  })
  void whatBecameOfACheckpointIsSaidWithItsTimes(Outcome outcome, String title) {
    log()
        .delivered(
            new DeliveryNote(
                new OpId(5),
                outcome,
                outcome == Outcome.PARTIAL ? OptionalInt.of(1) : OptionalInt.empty(),
                3,
                400,
                Map.of(Phase.SLOT, Duration.ofMillis(8)),
                Duration.ofMillis(9)));
    assertThat(record())
        .startsWith("FINE " + title + " rid=h/")
        .endsWith(
            " checkpoint=5"
                + (outcome == Outcome.PARTIAL ? " priority=1" : "")
                + " operations=3 bytes=400 times_ms={slot=8} total_ms=9");
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIG_CHANGED, service closing stream",
    "TOKEN_EXPIRED, service closing stream",
    "DISCONNECTED, service closing stream",
    "SHUTDOWN, process shutdown",
    "CANCELLED, client closing stream"
  })
  void theEndSaysWhyAndWhatWasSent(StreamEnd end, String reason) {
    log().ended(end, TOTALS, 300);
    assertThat(record())
        .startsWith("INFO Sync stream ended: rid=h/")
        .contains(" close_reason=" + reason + " (" + end + ") duration_ms=")
        .endsWith(
            " operations={put=7} data_synced_bytes=900 data_sent_bytes=300 encoding=zstd"
                + " large_buckets=[1#large[]]");
  }

  @Test
  void aClientThatGoesIsNoErrorAndAFailureIsOne() {
    log().clientGone(TOTALS, 300);
    assertThat(record()).startsWith("INFO ").contains(" close_reason=client closing stream ");
    records.clear();
    log().failed(new IllegalStateException("out of order"), TOTALS, 300);
    assertThat(record()).startsWith("WARNING ").contains(" close_reason=stream error ");
    assertThat(records.get(0).getThrown()).hasMessage("out of order");
    records.clear();
    log().refused(StreamTotals.NONE, 0);
    assertThat(record()).startsWith("WARNING ").contains(" close_reason=stream error ");
  }
}
