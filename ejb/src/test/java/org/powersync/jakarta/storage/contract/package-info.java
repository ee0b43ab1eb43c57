/**
 * What every bucket storage provider must do, as tests that know only the API. A provider's own
 * test implements {@link org.powersync.jakarta.storage.contract.BucketStorageProviderContract} with
 * a method that opens it on empty storage.
 */
package org.powersync.jakarta.storage.contract;
