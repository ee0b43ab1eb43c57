package org.powersync.jakarta.storage.contract;

/** The whole contract of a bucket storage provider. */
public interface BucketStorageProviderContract
    extends DeploymentContract,
        WritingContract,
        ReadingContract,
        WriteCheckpointContract,
        CompactionContract {}
