package org.powersync.jakarta.telemetry;

import java.util.List;

/** A part of the product that has figures. Implementations are application-scoped CDI beans. */
public interface MetricSource {
  /** The figures now; those that are not known are left out. Safe for all threads. */
  List<Metric> metrics();
}
