/**
 * What operators want to know about the stored data, read in a bounded way.
 *
 * <p>Start at {@link org.powersync.jakarta.storage.postgres.report.PostgresBucketSizes}.
 */
package org.powersync.jakarta.storage.postgres.report;
