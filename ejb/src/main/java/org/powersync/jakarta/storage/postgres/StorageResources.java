package org.powersync.jakarta.storage.postgres;

import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * What everything that stores works with.
 *
 * @param direct connections that take no part in global transactions
 * @param entities transactions on entities
 * @param scheduler runs short background work: renewing locks, looking after the schema
 */
public record StorageResources(
    DataSource direct, EntityTransactions entities, ScheduledExecutorService scheduler) {
  public StorageResources {
    Objects.requireNonNull(direct);
    Objects.requireNonNull(entities);
    Objects.requireNonNull(scheduler);
  }

  /** Short transactions on the direct connections. */
  public SqlTransactions sql() {
    return new SqlTransactions(direct);
  }
}
