/**
 * The service configuration as a document: found, parsed and kept as an immutable tree in which
 * every node knows its path and line.
 *
 * <p>{@link org.powersync.jakarta.connection.document.ConfigurationDocument} finds it; the
 * datasource reads its {@code storage} section and the application the rest, both through {@link
 * org.powersync.jakarta.connection.document.ConfigurationSection}, which checks types and notes
 * everything it has to say in {@link
 * org.powersync.jakarta.connection.document.ConfigurationProblems}, so that an operator sees all
 * mistakes at once. No text of this package quotes a value that may be a secret. Specification:
 * configuration sections 1 and 2.
 */
package org.powersync.jakarta.connection.document;
