package org.powersync.jakarta.syncconfig.sql;

/**
 * The target of a cast.
 *
 * @param name lower case unless quoted, with length and array marks: {@code text}, {@code
 *     varchar(10)}, {@code integer[]}, {@code double precision}
 */
public record TypeName(String name, Span span) implements SqlNode {}
