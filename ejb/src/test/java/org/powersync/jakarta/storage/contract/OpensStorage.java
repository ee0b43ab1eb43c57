package org.powersync.jakarta.storage.contract;

/** Opens the provider under test. */
public interface OpensStorage {
  /** On empty storage of its own; storage version 2. The test closes it. */
  StorageUnderTest open();
}
