/**
 * Expressions as SQLite evaluates them, for {@code unstable_sqlite_expression_engine} (sync config
 * section 6.8): 64-bit integers that overflow to REAL, three-valued logic, affinity of casts, code
 * points instead of UTF-16 units. In plain Java, so that no native library is needed; tests compare
 * every rule with the real one. Begin with {@link
 * org.powersync.jakarta.syncconfig.sqlite.SqliteOperators}.
 *
 * <p>Known to differ: JSON5 and binary JSON are malformed here, JSON has to be that of RFC 8259.
 */
package org.powersync.jakarta.syncconfig.sqlite;
