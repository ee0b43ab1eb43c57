/**
 * What operators ask: is it healthy, how far is replication, what is stored, what is wrong with a
 * sync config. Collects from storage, replication and telemetry; answers as values, which {@code
 * web} writes as JSON.
 *
 * <p>Start at {@link org.powersync.jakarta.diagnostics.StatusReport}. Nothing here throws because a
 * part of the product is down: that is what is asked about. What costs the database something is
 * remembered for some seconds ({@link org.powersync.jakarta.diagnostics.Remembered}).
 */
package org.powersync.jakarta.diagnostics;
