/**
 * Plain JDBC on the storage database: short transactions outside the container's, and what a
 * database failure means.
 *
 * <p>The data source is the one that takes no part in global transactions, so statements commit
 * when this package says so. Names of tables are always qualified with the schema {@code
 * powersync}.
 */
package org.powersync.jakarta.storage.postgres.sql;
