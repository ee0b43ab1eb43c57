/**
 * The SQL of a sync config: text to syntax tree, nothing more.
 *
 * <p>{@link org.powersync.jakarta.syncconfig.sql.SqlParser} reads a PostgreSQL dialect which is
 * larger than what any edition accepts: outer joins, {@code LIMIT} or {@code UNION} are
 * grammatical, so that whoever compiles a query can refuse them by name. Only what is no such SQL
 * at all is a {@link org.powersync.jakarta.syncconfig.sql.SqlSyntaxException}.
 *
 * <p>A tree consists of {@link org.powersync.jakarta.syncconfig.sql.Statement}, {@link
 * org.powersync.jakarta.syncconfig.sql.FromItem} and {@link
 * org.powersync.jakarta.syncconfig.sql.Expression}, sealed families of records. Every node knows
 * its {@link org.powersync.jakarta.syncconfig.sql.Span} in the text. Parentheses leave no node and
 * are not part of a span: in {@code (a = 1) = b} the inner comparison spans {@code a = 1} and the
 * outer one {@code a = 1) = b}; messages point at exactly these places. Specification: sync config
 * 4.
 */
package org.powersync.jakarta.syncconfig.sql;
