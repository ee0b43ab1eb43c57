package org.powersync.jakarta.config;

import java.util.List;
import java.util.logging.Level;

/** What is logged, and how (configuration section 10). */
public record LoggingSettings(String level, Format format) {
  /** From most to least verbose. */
  static final List<String> LEVELS =
      List.of("silly", "debug", "verbose", "http", "info", "warn", "error");

  /** The shape of a record. */
  public enum Format {
    JSON,
    TEXT
  }

  /** The level in the terms of {@code java.util.logging}. */
  public Level julLevel() {
    return switch (level) {
      case "silly" -> Level.FINEST;
      case "debug" -> Level.FINER;
      case "verbose", "http" -> Level.FINE;
      case "warn" -> Level.WARNING;
      case "error" -> Level.SEVERE;
      default -> Level.INFO;
    };
  }
}
