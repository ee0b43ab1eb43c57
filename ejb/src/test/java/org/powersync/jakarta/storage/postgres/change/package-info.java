/** Tests of the changes between checkpoints on a real PostgreSQL. */
package org.powersync.jakarta.storage.postgres.change;
