/**
 * Health and metrics: what the parts of the product report about themselves, in one form that the
 * probes, MicroProfile Health, the admin pages and the metrics page read. Known to all packages,
 * knows none.
 *
 * <p>A part implements {@link org.powersync.jakarta.telemetry.HealthContributor} as a CDI bean, and
 * {@link org.powersync.jakarta.telemetry.MetricSource} for figures besides the counters of {@link
 * org.powersync.jakarta.telemetry.Counters}; {@link org.powersync.jakarta.telemetry.PrometheusText}
 * writes them. Specification: sync API sections 2.4 and 7; promise 4 of the reliability page:
 * health is red before the first user notices, and says why.
 */
package org.powersync.jakarta.telemetry;
