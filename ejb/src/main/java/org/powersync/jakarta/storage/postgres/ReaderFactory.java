package org.powersync.jakarta.storage.postgres;

import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.storage.ReplicationStream;

/** Makes readers; one per stream and process, so that its caches are shared. */
@FunctionalInterface
public interface ReaderFactory {
  BucketReader reader(StorageResources resources, ReplicationStream stream);
}
