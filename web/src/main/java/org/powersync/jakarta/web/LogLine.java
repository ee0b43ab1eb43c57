package org.powersync.jakarta.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.powersync.jakarta.error.PowerSyncException;

/** A record of the log as one line (configuration section 10). */
final class LogLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Formatter MESSAGE =
      new Formatter() {
        @Override
        public String format(LogRecord record) {
          return formatMessage(record);
        }
      };

  private LogLine() {}

  /** For people, as the server writes it. */
  static String text(LogRecord record) {
    String line = "[%-8s] %s".formatted(record.getLevel().getName(), MESSAGE.format(record));
    return record.getThrown() == null ? line : line + "\n" + stack(record.getThrown());
  }

  /**
   * For programs: {@code level}, {@code message}, {@code timestamp}, {@code logger}; of a failure
   * also {@code code}, if it has one, and {@code stack}.
   */
  static String json(LogRecord record) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("level", level(record.getLevel()));
    members.put("message", MESSAGE.format(record));
    members.put("timestamp", record.getInstant().toString());
    members.put("logger", record.getLoggerName());
    Throwable failure = record.getThrown();
    if (failure instanceof PowerSyncException known) {
      members.put("code", known.code().name());
    }
    if (failure != null) {
      members.put("stack", stack(failure));
    }
    try {
      return JSON.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By the names of {@code system.logging.level}. */
  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (value >= Level.WARNING.intValue()) {
      return "warn";
    }
    if (value >= Level.INFO.intValue()) {
      return "info";
    }
    if (value >= Level.FINE.intValue()) {
      return "verbose";
    }
    return value >= Level.FINER.intValue() ? "debug" : "silly";
  }

  private static String stack(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString().stripTrailing();
  }
}
