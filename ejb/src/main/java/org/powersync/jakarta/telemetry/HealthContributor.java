package org.powersync.jakarta.telemetry;

/**
 * A part of the product that can say how it is. Implementations are application-scoped CDI beans.
 */
public interface HealthContributor {
  /** Stable name, such as {@code storage} or {@code replication}. */
  String name();

  /**
   * How it is now. Answers from memory within milliseconds, never by a query; safe for all threads.
   */
  HealthReport health();
}
