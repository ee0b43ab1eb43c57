/**
 * Copies of tables: the initial one, those of tables that appear later, and single rows that have
 * to be fetched again.
 *
 * <p>A copy is not a picture of one moment: each chunk sees its own, and the replication stream,
 * whose slot is older than every read, repairs the differences. Therefore every copy ends with a
 * barrier, a position behind everything its rows can show, below which no checkpoint becomes
 * visible.
 *
 * <p>Start at {@link org.powersync.jakarta.replication.postgres.snapshot.InitialSnapshot}; {@link
 * org.powersync.jakarta.replication.postgres.snapshot.TableCatalogue} finds tables, {@code
 * CopyPlan} chooses how one is read. A {@code CopyRun} has a few {@code TableReader}s that only
 * read, and a few workers, each with a writer of its own, that decode, evaluate and store chunks in
 * any order. {@code TableCopy} keeps what is stored without a gap: the {@code ResumePoint} that an
 * interrupted copy goes on from, a key where the table has one, else a block. Specification:
 * replication sections 2 and 3.6.
 */
package org.powersync.jakarta.replication.postgres.snapshot;
