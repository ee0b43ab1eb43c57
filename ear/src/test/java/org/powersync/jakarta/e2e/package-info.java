/** The whole path: rows committed at the source until they stand in a client's database. */
package org.powersync.jakarta.e2e;
