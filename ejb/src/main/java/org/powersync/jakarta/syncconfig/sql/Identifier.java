package org.powersync.jakarta.syncconfig.sql;

/**
 * A name in SQL (sync config 4.1).
 *
 * @param name as it counts: lower case unless quoted; a doubled quote inside stays doubled
 * @param writing how the text spells it
 * @param span with the quotes
 */
public record Identifier(String name, Writing writing, Span span) implements SqlNode {
  /** How a name is spelled. */
  public enum Writing {
    /** Without quotes and in lower case already. */
    PLAIN,
    /** Without quotes but with capitals, which were folded: worth a warning. */
    FOLDED,
    /** With double quotes. */
    QUOTED
  }

  public boolean quoted() {
    return writing == Writing.QUOTED;
  }

  /** Whether the name differs from what was written. */
  public boolean folded() {
    return writing == Writing.FOLDED;
  }
}
