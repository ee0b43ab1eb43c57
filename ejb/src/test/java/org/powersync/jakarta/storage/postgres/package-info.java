/** Tests of the provider on a real PostgreSQL, and the fixture they and the vectors share. */
package org.powersync.jakarta.storage.postgres;
