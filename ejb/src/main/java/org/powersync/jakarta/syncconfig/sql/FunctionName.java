package org.powersync.jakarta.syncconfig.sql;

import java.util.Optional;

/**
 * The name of a called function, {@code upper}, {@code auth.user_id} or {@code t.schema}.
 *
 * @param qualifier what stands before the dot: a schema, a request object or a table
 * @param name the last part
 */
public record FunctionName(Optional<Identifier> qualifier, Identifier name, Span span)
    implements SqlNode {}
