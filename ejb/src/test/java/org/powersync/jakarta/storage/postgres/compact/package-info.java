/** Tests of compaction on a real PostgreSQL. */
package org.powersync.jakarta.storage.postgres.compact;
