package org.powersync.jakarta.storage.postgres.read;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * After how long a checkpoint is seen at the latest when its notification is lost. Not a key of
 * {@code powersync.yaml}, which other implementations read too and might refuse: it is the
 * environment variable {@code POWERSYNC_CHECKPOINT_POLL_MS}, 50 to 60 000 milliseconds.
 */
final class PollInterval {
  static final String VARIABLE = "POWERSYNC_CHECKPOINT_POLL_MS";
  static final Duration USUAL = Duration.ofSeconds(1);

  private static final Logger LOG = Logger.getLogger(PollInterval.class.getName());
  private static final long SHORTEST = 50;
  private static final long LONGEST = 60_000;

  private PollInterval() {}

  /** What the text of the variable says; the usual interval when it is missing or wrong. */
  static Duration of(String text) {
    if (text == null || text.isBlank()) {
      return USUAL;
    }
    try {
      long millis = Long.parseLong(text.strip());
      if (millis >= SHORTEST && millis <= LONGEST) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      LOG.log(Level.FINE, "not a number", e);
    }
    LOG.log(
        Level.SEVERE,
        "{0} has to be a number of milliseconds from {1} to {2}; the usual {3} are used",
        new Object[] {
          VARIABLE, Long.toString(SHORTEST), Long.toString(LONGEST), Long.toString(USUAL.toMillis())
        });
    return USUAL;
  }
}
