package org.powersync.jakarta.web;

import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.powersync.jakarta.sync.StreamCaller;
import org.powersync.jakarta.sync.StreamEnd;
import org.powersync.jakarta.sync.StreamRequest;

/** What the log says about one stream (sync API section 7.3); never row data or tokens. */
final class StreamLog {
  private static final Logger LOG = Logger.getLogger(StreamLog.class.getName());
  private static final int MAX_KEYS = 20;
  private static final int MAX_VALUE = 100;

  private final String who;
  private final String details;
  private final long start = System.nanoTime();

  private StreamLog(String who, String details) {
    this.who = who;
    this.details = details;
  }

  static StreamLog ofHttp(
      String userAgent, StreamCaller caller, StreamRequest stream, String coding) {
    return of("h", caller, userAgent, stream, coding);
  }

  static StreamLog ofSocket(SocketSession session, StreamRequest stream) {
    return of("s", session.caller(), session.userAgent(), stream, AcceptEncoding.IDENTITY);
  }

  private static StreamLog of(
      String transport, StreamCaller caller, String agent, StreamRequest stream, String coding) {
    String who =
        "rid="
            + transport
            + "/"
            + UUID.randomUUID()
            + " user_id="
            + cut(caller.userId())
            + " client_id="
            + cut(stream.clientId().orElse(""))
            + " user_agent="
            + cut(agent);
    String details =
        "encoding="
            + coding
            + " app_metadata="
            + limited(stream.appMetadata())
            + " parameters="
            + limited(stream.parameters());
    return new StreamLog(who, details);
  }

  void started() {
    LOG.log(Level.INFO, "Sync stream started: {0} {1}", new Object[] {who, details});
  }

  void ended(StreamEnd end, long bytesSent) {
    String reason =
        switch (end) {
          case CONFIG_CHANGED, TOKEN_EXPIRED -> "service closing stream";
          case SHUTDOWN -> "process shutdown";
        };
    log(Level.INFO, reason + " (" + end + ")", bytesSent, null);
  }

  void clientGone(long bytesSent) {
    log(Level.INFO, "client closing stream", bytesSent, null);
  }

  /** Ended by a failure that is logged where it is answered. */
  void refused(long bytesSent) {
    log(Level.WARNING, "stream error", bytesSent, null);
  }

  void failed(Throwable failure, long bytesSent) {
    log(Level.WARNING, "stream error", bytesSent, failure);
  }

  private void log(Level level, String reason, long bytesSent, Throwable failure) {
    long millis = (System.nanoTime() - start) / 1_000_000;
    LOG.log(
        level,
        failure,
        () ->
            "Sync stream ended: %s close_reason=%s duration_ms=%d data_sent_bytes=%d"
                .formatted(who, reason, millis, bytesSent));
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
