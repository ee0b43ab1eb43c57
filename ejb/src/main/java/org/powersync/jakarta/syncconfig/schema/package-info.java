/**
 * Checks a sync config against the tables its source really has (sync config section 13, the
 * messages that need a schema). Works on the document and its SQL alone, so that it is the same for
 * every kind of definition.
 *
 * <p>Start at {@link org.powersync.jakarta.syncconfig.schema.SchemaCheck}.
 */
package org.powersync.jakarta.syncconfig.schema;
