package org.powersync.jakarta.storage;

/**
 * What defragmenting a bucket did.
 *
 * @param outcome as for compaction
 * @param operations in the bucket before
 * @param rewritten rows written anew
 */
public record DefragmentationReport(
    CompactionReport.Outcome outcome, long operations, long rewritten) {}
