/** Tests of finding, parsing and reading the configuration document. */
package org.powersync.jakarta.connection.document;
