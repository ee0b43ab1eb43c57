/**
 * Types of PostgreSQL: from the text the source prints to a value of the sync config language.
 *
 * <p>A {@link org.powersync.jakarta.replication.postgres.type.TypeRegistry} knows what each type
 * OID means; types that are not built in are read from the catalogue. For an OID, the options of a
 * sync config and the {@link org.powersync.jakarta.replication.postgres.type.ReadPath} it yields a
 * {@link org.powersync.jakarta.replication.postgres.type.ValueDecoder}; {@link
 * org.powersync.jakarta.replication.postgres.type.ColumnDecoders} holds those of one table. The
 * text depends on session settings: every connection whose text is decoded must be opened for a
 * source ({@link org.powersync.jakarta.connection.ConnectionOptions#forSource}).
 *
 * <p>Decoders are compiled once per table and used by many threads. Arrays, composites and ranges
 * become JSON text; a composite whose text does not match its description stays as printed.
 * Specification: replication section 4.
 */
package org.powersync.jakarta.replication.postgres.type;
