/**
 * Expressions compared with real SQLite: with the language's own rules where the specification says
 * nothing else, and everywhere with {@code unstable_sqlite_expression_engine}.
 */
package org.powersync.jakarta.syncconfig.sqlite;
