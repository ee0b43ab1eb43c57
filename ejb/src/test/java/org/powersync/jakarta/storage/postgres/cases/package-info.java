/**
 * The storage conformance cases, named by their ids, through the provider's API: a sync config as
 * text, its own PostgreSQL, the real writer, reader and compaction.
 */
package org.powersync.jakarta.storage.postgres.cases;
