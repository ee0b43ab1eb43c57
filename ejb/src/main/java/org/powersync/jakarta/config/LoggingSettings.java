package org.powersync.jakarta.config;

import java.util.List;
import java.util.Optional;
import java.util.logging.Level;

/**
 * What is logged, and how (configuration section 10).
 *
 * @param level empty when it is left to the server
 */
public record LoggingSettings(Optional<String> level, Format format) {
  /** From most to least verbose. */
  static final List<String> LEVELS =
      List.of("silly", "debug", "verbose", "http", "info", "warn", "error");

  /** The shape of a record. */
  public enum Format {
    JSON,
    TEXT
  }

  /** The level in the terms of {@code java.util.logging}. */
  public Optional<Level> julLevel() {
    return level.map(LoggingSettings::julLevel);
  }

  private static Level julLevel(String name) {
    return switch (name) {
      case "silly" -> Level.FINEST;
      case "debug" -> Level.FINER;
      case "verbose", "http" -> Level.FINE;
      case "warn" -> Level.WARNING;
      case "error" -> Level.SEVERE;
      default -> Level.INFO;
    };
  }
}
