package org.powersync.jakarta.syncconfig.sql;

import java.util.Optional;

/**
 * One result column.
 *
 * @param expression may be {@link Expression.Star}
 * @param alias the name given, with or without {@code AS}
 * @param span of the expression and its alias
 */
public record SelectColumn(Expression expression, Optional<Identifier> alias, Span span)
    implements SqlNode {}
