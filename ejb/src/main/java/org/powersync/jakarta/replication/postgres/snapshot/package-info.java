/**
 * Copies of tables: the initial one, those of tables that appear later, and single rows that have
 * to be fetched again.
 *
 * <p>A copy is not a picture of one moment: each chunk sees its own, and the replication stream,
 * whose slot is older than every read, repairs the differences. Therefore every copy ends with a
 * barrier, a position behind everything its rows can show, below which no checkpoint becomes
 * visible. Start at {@link org.powersync.jakarta.replication.postgres.snapshot.InitialSnapshot};
 * {@link org.powersync.jakarta.replication.postgres.snapshot.TableCatalogue} finds tables, {@code
 * TableReader} reads ahead, {@code TableCopy} stores. Specification: replication sections 2 and
 * 3.6.
 */
package org.powersync.jakarta.replication.postgres.snapshot;
