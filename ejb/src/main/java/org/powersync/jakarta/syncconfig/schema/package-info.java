/**
 * Schemas on both sides of a sync config: the {@link
 * org.powersync.jakarta.syncconfig.schema.SourceSchema} that its queries are checked against, and
 * the {@link org.powersync.jakarta.syncconfig.schema.ClientSchema} that clients need for what it
 * puts out. Specification: sync config 13 and 15.
 */
package org.powersync.jakarta.syncconfig.schema;
