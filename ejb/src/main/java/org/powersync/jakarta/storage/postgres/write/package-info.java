/**
 * Writing a stream: changes of source rows become bucket operations, parameter rows and current
 * data, and checkpoints make them visible.
 *
 * <p>A saved change waits in a {@link ChangeQueue}; meanwhile threads of an executor work out its
 * {@link RowImage}: everything that follows from the row alone (JSON, checksums, lookups, the
 * stored copy). A flush takes the queue through one or more {@link ReplicationTransaction}s. Each
 * loads what storage knows of the rows ({@link CurrentRows}), lets {@link ChangeApplier} derive the
 * difference in order, collects it in a {@link WriteSet}, and writes that with a fixed number of
 * statements ({@link WriteOut}): binary COPY for new rows, arrays for the rest. A transaction that
 * loses a race is run again; images are not computed again.
 *
 * <p>Start at {@link PostgresBucketWriter}. Specification: storage section 5.
 */
package org.powersync.jakarta.storage.postgres.write;
