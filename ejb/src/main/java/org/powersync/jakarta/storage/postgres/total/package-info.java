/**
 * Totals of large buckets: checksum and number of operations up to one of them, so that the first
 * checksum of a bucket reads only what came after. They live in the private table {@code
 * x_bucket_totals} and can always be left out.
 *
 * <p>A total is written by who has just read the whole bucket anyway (compaction, the end of a
 * first copy, a reader's first checksum: {@code TotalsContribution}), never by a flush. It stands
 * for the operations up to {@code op_id}, one of the bucket's own; it counts only while that
 * operation is there, so it is void after the stream was cleared by whomever. When a CLEAR comes
 * after it, the range behind the total holds everything and the total is not added (storage section
 * 6.4: such a range is a full result).
 */
package org.powersync.jakarta.storage.postgres.total;
