package org.powersync.jakarta.syncconfig;

/**
 * What loading a config has to say (sync config section 13).
 *
 * @param level whether the config is usable all the same
 * @param about the message's code, such as {@code missing-id-column}
 * @param text for a person, with the fix where there is one
 * @param start first UTF-16 offset in the document concerned
 * @param end offset behind the last
 * @param line of {@code start}, from 1
 * @param column of {@code start}, from 1
 */
public record ConfigMessage(
    Level level, String about, String text, int start, int end, int line, int column) {
  /** Whether the config is usable all the same. */
  public enum Level {
    FATAL,
    WARNING
  }
}
