/** Tests of connection reports on a real PostgreSQL. */
package org.powersync.jakarta.storage.postgres.report;
