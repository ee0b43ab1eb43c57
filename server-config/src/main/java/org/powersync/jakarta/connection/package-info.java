/**
 * From {@code powersync.yaml} to a PostgreSQL connection: the one place that reads connection
 * settings and opens sockets with them.
 *
 * <p>Part of the server's shared library. The server builds the storage datasource from it before
 * the application starts; the application uses the same classes for the connections outside any
 * pool (LISTEN, replication). Secrets stay inside this package: no setter, no toString, no error
 * message and no server configuration shows them. Specification: configuration sections 1, 2, 4, 5.
 */
package org.powersync.jakarta.connection;
