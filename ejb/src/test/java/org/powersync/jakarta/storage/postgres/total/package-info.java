/** Tests of totals of buckets on a real PostgreSQL. */
package org.powersync.jakarta.storage.postgres.total;
