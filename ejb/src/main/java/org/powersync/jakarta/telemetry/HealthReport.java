package org.powersync.jakarta.telemetry;

import java.util.Map;

/**
 * The state of one part.
 *
 * @param state what it means for users
 * @param reason one sentence for the operator, with the error code and the fix where there is one;
 *     empty when all is well. Holds no secret
 * @param details figures behind it, for the health page
 */
public record HealthReport(State state, String reason, Map<String, Object> details) {
  public HealthReport {
    details = Map.copyOf(details);
  }

  /** What a state means for users. */
  public enum State {
    /** Works. */
    UP,
    /** Serves, but something needs attention; readers are not turned away. */
    DEGRADED,
    /** Cannot serve. */
    DOWN
  }

  public static HealthReport up(Map<String, Object> details) {
    return new HealthReport(State.UP, "", details);
  }

  public static HealthReport degraded(String reason) {
    return new HealthReport(State.DEGRADED, reason, Map.of());
  }

  public static HealthReport down(String reason) {
    return new HealthReport(State.DOWN, reason, Map.of());
  }
}
