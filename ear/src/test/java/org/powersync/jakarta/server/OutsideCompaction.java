package org.powersync.jakarta.server;

import jakarta.persistence.EntityManager;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.storage.CompactionOptions;
import org.powersync.jakarta.storage.CompactionReport;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.postgres.StorageResources;
import org.powersync.jakarta.storage.postgres.compact.PostgresCompaction;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;

/** Compaction by the process of the test, as by another process beside the server. */
public final class OutsideCompaction {
  private OutsideCompaction() {}

  /** Compacts one replication stream. */
  public static CompactionReport run(
      TestPostgres.Database storage, GroupId stream, CompactionOptions options) {
    ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    try {
      return new PostgresCompaction(
              new StorageResources(storage.dataSource(), new NoEntities(), scheduler))
          .compact(stream, options, () -> false);
    } finally {
      scheduler.shutdownNow();
    }
  }

  /** Compaction needs SQL only. */
  private static final class NoEntities implements EntityTransactions {
    @Override
    public <T> T call(String doing, Function<EntityManager, T> work) {
      throw new UnsupportedOperationException(doing);
    }
  }
}
