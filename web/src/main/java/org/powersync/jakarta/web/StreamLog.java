package org.powersync.jakarta.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.powersync.jakarta.sync.StreamCaller;
import org.powersync.jakarta.sync.StreamEnd;
import org.powersync.jakarta.sync.StreamJournal;
import org.powersync.jakarta.sync.StreamRequest;
import org.powersync.jakarta.sync.StreamTotals;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * What the log says about one stream (sync API section 7.3); never row data or tokens. Its start
 * and end at INFO, its checkpoints at FINE: with many streams, those are many.
 */
final class StreamLog implements StreamJournal {
  private static final Logger LOG = Logger.getLogger(StreamLog.class.getName());
  private static final int MAX_KEYS = 20;
  private static final int MAX_VALUE = 100;

  private final String who;
  private final String details;
  private final String coding;
  private final long start = System.nanoTime();

  private StreamLog(String who, String details, String coding) {
    this.who = who;
    this.details = details;
    this.coding = coding;
  }

  static StreamLog ofHttp(
      RequestId id,
      String userAgent,
      StreamCaller caller,
      StreamRequest stream,
      boolean bson,
      String coding) {
    return of(id, caller, userAgent, stream, bson, coding);
  }

  static StreamLog ofSocket(SocketSession session, StreamRequest stream) {
    return of(
        RequestId.socket(),
        session.caller(),
        session.userAgent(),
        stream,
        true,
        AcceptEncoding.IDENTITY);
  }

  private static StreamLog of(
      RequestId id,
      StreamCaller caller,
      String agent,
      StreamRequest stream,
      boolean bson,
      String coding) {
    String who =
        "rid="
            + id
            + " user_id="
            + cut(caller.userId())
            + " client_id="
            + cut(stream.clientId().orElse(""))
            + " user_agent="
            + cut(agent)
            + " bson="
            + bson;
    String details =
        "encoding="
            + coding
            + " app_metadata="
            + limited(stream.appMetadata())
            + " parameters="
            + limited(stream.parameters());
    return new StreamLog(who, details, coding);
  }

  void started() {
    LOG.log(Level.INFO, "Sync stream started: {0} {1}", new Object[] {who, details});
  }

  @Override
  public boolean detailed() {
    return LOG.isLoggable(Level.FINE);
  }

  @Override
  public void announced(CheckpointNote note) {
    LOG.log(
        Level.FINE,
        () ->
            "Checkpoint: %s checkpoint=%s write_checkpoint=%s buckets=%d parameter_results=%d %s%s"
                .formatted(
                    who,
                    note.checkpoint(),
                    note.writeCheckpoint().isPresent() ? note.writeCheckpoint().getAsLong() : null,
                    note.buckets(),
                    note.parameterRows(),
                    note.first() ? "bucket_names=" + names(note.updated()) : "",
                    note.first()
                        ? ""
                        : "updated="
                            + names(note.updated())
                            + " removed="
                            + names(note.removed())));
  }

  @Override
  public void delivered(DeliveryNote note) {
    LOG.log(
        Level.FINE,
        () ->
            "%s: %s checkpoint=%s%s operations=%d bytes=%d times_ms=%s total_ms=%d"
                .formatted(
                    title(note),
                    who,
                    note.checkpoint(),
                    note.priority().isPresent() ? " priority=" + note.priority().getAsInt() : "",
                    note.operations(),
                    note.bytes(),
                    times(note),
                    note.total().toMillis()));
  }

  private static String title(DeliveryNote note) {
    return switch (note.outcome()) {
      case COMPLETE -> "Checkpoint complete";
      case PARTIAL -> "Checkpoint complete up to a priority";
      default -> "Checkpoint invalidated (" + lower(note.outcome()) + ")";
    };
  }

  private static String times(DeliveryNote note) {
    return note.times().entrySet().stream()
        .map(time -> lower(time.getKey()) + "=" + time.getValue().toMillis())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String names(List<BucketName> buckets) {
    return buckets.stream()
        .map(bucket -> cut(bucket.value()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  void ended(StreamEnd end, StreamTotals totals, long bytesSent) {
    String reason =
        switch (end) {
          case CONFIG_CHANGED, TOKEN_EXPIRED, DISCONNECTED -> "service closing stream";
          case SHUTDOWN -> "process shutdown";
          case CANCELLED -> "client closing stream";
        };
    log(Level.INFO, reason + " (" + end + ")", totals, bytesSent, null);
  }

  void clientGone(StreamTotals totals, long bytesSent) {
    log(Level.INFO, "client closing stream", totals, bytesSent, null);
  }

  /** Ended by a failure that is logged where it is answered. */
  void refused(StreamTotals totals, long bytesSent) {
    log(Level.WARNING, "stream error", totals, bytesSent, null);
  }

  void failed(Throwable failure, StreamTotals totals, long bytesSent) {
    log(Level.WARNING, "stream error", totals, bytesSent, failure);
  }

  private void log(
      Level level, String reason, StreamTotals totals, long bytesSent, Throwable failure) {
    long millis = (System.nanoTime() - start) / 1_000_000;
    LOG.log(
        level,
        failure,
        () ->
            ("Sync stream ended: %s close_reason=%s duration_ms=%d operations=%s"
                    + " data_synced_bytes=%d data_sent_bytes=%d encoding=%s large_buckets=%s")
                .formatted(
                    who,
                    reason,
                    millis,
                    operations(totals),
                    totals.bytes(),
                    bytesSent,
                    coding,
                    names(totals.largeBuckets())));
  }

  private static String operations(StreamTotals totals) {
    return totals.operations().entrySet().stream()
        .map(entry -> lower(entry.getKey()) + "=" + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String limited(Map<String, ?> values) {
    String shown =
        values.entrySet().stream()
            .limit(MAX_KEYS)
            .map(entry -> cut(entry.getKey()) + "=" + cut(String.valueOf(entry.getValue())))
            .collect(Collectors.joining(", "));
    return values.size() > MAX_KEYS ? "{" + shown + ", …}" : "{" + shown + "}";
  }

  /** Of bounded length and on one line. */
  static String cut(String text) {
    String shown = text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE - 3) + "...";
    return shown.replaceAll("\\p{Cntrl}", " ");
  }
}
