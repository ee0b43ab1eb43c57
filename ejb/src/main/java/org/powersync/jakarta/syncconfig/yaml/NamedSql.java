package org.powersync.jakarta.syncconfig.yaml;

/**
 * A common table expression.
 *
 * @param name as written
 * @param namePlace where the name stands
 */
public record NamedSql(String name, Place namePlace, SqlText sql) {}
