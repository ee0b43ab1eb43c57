/**
 * What operators want to know, read in a bounded way: sizes of the stored data ({@link
 * org.powersync.jakarta.storage.postgres.report.PostgresBucketSizes}) and connections of clients
 * ({@link org.powersync.jakarta.storage.postgres.report.PostgresConnectionReports}, storage section
 * 10, on the table {@code connection_report_events}).
 */
package org.powersync.jakarta.storage.postgres.report;
