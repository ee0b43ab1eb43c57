/** Tests of connection settings, TLS and the storage datasource. */
package org.powersync.jakarta.connection;
