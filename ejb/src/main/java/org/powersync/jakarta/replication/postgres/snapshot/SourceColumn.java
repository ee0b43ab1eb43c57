package org.powersync.jakarta.replication.postgres.snapshot;

/**
 * A column in the catalogue.
 *
 * @param typeOid of the column, which may be a domain
 * @param type name of the type, quoted and qualified where needed, to cast to
 * @param identity part of the replica identity
 */
public record SourceColumn(String name, long typeOid, String type, boolean identity) {}
