/**
 * Schemas on both sides of a sync config: the {@link
 * org.powersync.jakarta.syncconfig.schema.SourceSchema} that its queries are checked against, and
 * the {@link org.powersync.jakarta.syncconfig.schema.ClientSchema} that clients need for what it
 * puts out. Definitions of editions 1 and 2 are checked while they are compiled, compiled streams
 * by {@link org.powersync.jakarta.syncconfig.schema.SchemaCheck}. Specification: sync config 13 and
 * 15.
 */
package org.powersync.jakarta.syncconfig.schema;
