package org.powersync.jakarta.telemetry;

/**
 * A figure at one moment, under its contractual name.
 *
 * @param unit of the value, or empty text
 */
public record Metric(String name, String help, Kind kind, String unit, long value) {
  /** How a figure moves. */
  public enum Kind {
    /** Only ever grows, from zero at the start of the process. */
    COUNTER,
    /** Goes up and down. */
    GAUGE
  }

  public static Metric gauge(String name, String help, String unit, long value) {
    return new Metric(name, help, Kind.GAUGE, unit, value);
  }
}
