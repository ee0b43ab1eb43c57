/**
 * Early streams, as edition 2 has them.
 *
 * <p>{@link org.powersync.jakarta.syncconfig.early.EarlyStreamCompiler} reads a stream's condition
 * into {@link org.powersync.jakarta.syncconfig.early.Term}s, brings it to an OR of ANDs and makes
 * each AND a {@link org.powersync.jakarta.syncconfig.early.Variant} with a bucket name of its own.
 * A term says what it means for a row, for a request, or both; subqueries become lookups.
 * Specification: sync config 8.
 */
package org.powersync.jakarta.syncconfig.early;
