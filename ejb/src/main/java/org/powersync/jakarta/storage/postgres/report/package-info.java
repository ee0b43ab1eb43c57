/**
 * Reports on clients' connections (storage section 10), on the table {@code
 * connection_report_events}. Start at {@link
 * org.powersync.jakarta.storage.postgres.report.PostgresConnectionReports}.
 */
package org.powersync.jakarta.storage.postgres.report;
