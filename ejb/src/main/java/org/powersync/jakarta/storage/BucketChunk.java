package org.powersync.jakarta.storage;

import java.util.List;
import java.util.OptionalLong;
import org.powersync.jakarta.syncconfig.BucketName;

/**
 * Consecutive operations of one bucket; becomes one data line (storage section 6.5).
 *
 * @param after position before the first operation
 * @param nextAfter operation id of the last
 * @param hasMore whether more of this bucket may follow within the checkpoint
 * @param operations ascending, never empty
 * @param targetOp greatest target of its operations: beyond the checkpoint means the checkpoint can
 *     not be completed
 */
public record BucketChunk(
    BucketName bucket,
    OpId after,
    OpId nextAfter,
    boolean hasMore,
    List<BucketOperation> operations,
    OptionalLong targetOp) {}
