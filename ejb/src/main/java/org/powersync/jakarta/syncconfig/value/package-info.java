/**
 * Values of the sync config language: SQLite's five kinds, source rows made of them, and the texts
 * that clients and stored formats see.
 *
 * <p>Start at {@link org.powersync.jakarta.syncconfig.value.SqlValue} and {@link
 * org.powersync.jakarta.syncconfig.value.SourceRow}. Specification: sync config sections 5, 11 and
 * storage section 3.6.
 */
package org.powersync.jakarta.syncconfig.value;
