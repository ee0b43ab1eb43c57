package org.powersync.jakarta.storage.postgres.cases;

import org.powersync.jakarta.storage.contract.BucketStorageProviderContract;
import org.powersync.jakarta.storage.contract.StorageUnderTest;
import org.powersync.jakarta.storage.postgres.PostgresBucketStorageProvider;
import org.powersync.jakarta.storage.postgres.ProviderSettings;
import org.powersync.jakarta.storage.postgres.StorageFixture;
import org.powersync.jakarta.storage.postgres.TextConfigs;
import org.powersync.jakarta.storage.postgres.compact.PostgresCompaction;
import org.powersync.jakarta.storage.postgres.report.PostgresConnectionReports;
import org.powersync.jakarta.storage.postgres.write.BatchLimits;
import org.powersync.jakarta.storage.postgres.write.PostgresBucketWriter;

/** The provider on PostgreSQL keeps the contract. */
class PostgresStorageContractIT implements BucketStorageProviderContract {
  @Override
  public StorageUnderTest open() {
    StorageFixture fixture = new StorageFixture("contract");
    TestReaders readers = new TestReaders(fixture.database());
    return new StorageUnderTest(
        new PostgresBucketStorageProvider(
            fixture.resources(),
            new ProviderSettings(2, "test_", true),
            new TextConfigs(),
            (target, options) ->
                new PostgresBucketWriter(target, options, BatchLimits.DEFAULT, Runnable::run),
            readers,
            readers.writeCheckpoints()),
        new PostgresCompaction(fixture.resources()),
        new PostgresConnectionReports(fixture.resources()),
        () -> {
          readers.close();
          fixture.close();
        });
  }
}
