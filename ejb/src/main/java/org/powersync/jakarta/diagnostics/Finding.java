package org.powersync.jakarta.diagnostics;

import java.time.Instant;
import java.util.Optional;
import org.powersync.jakarta.replication.SourceInspection.Issue;
import org.powersync.jakarta.replication.SourceInspection.Level;
import org.powersync.jakarta.syncconfig.ConfigMessage;

/**
 * Something that is, or may be, wrong with a replicated config (sync API section 2.5).
 *
 * @param at when it was found, where that is known
 * @param location in the text of the config, where it has one
 */
public record Finding(
    Level level, String message, Optional<Instant> at, Optional<Location> location) {

  /** UTF-16 offsets, the end exclusive. */
  public record Location(int start, int end) {}

  static Finding of(Issue issue) {
    return new Finding(issue.level(), issue.message(), Optional.empty(), Optional.empty());
  }

  static Finding of(Level level, String message, Instant at) {
    return new Finding(level, message, Optional.of(at), Optional.empty());
  }

  static Finding of(ConfigMessage message, Instant at) {
    Level level = message.level() == ConfigMessage.Level.FATAL ? Level.FATAL : Level.WARNING;
    Optional<Location> location =
        message.end() > message.start()
            ? Optional.of(new Location(message.start(), message.end()))
            : Optional.empty();
    return new Finding(level, message.text(), Optional.of(at), location);
  }
}
