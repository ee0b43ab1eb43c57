package org.powersync.jakarta.storage.postgres;

import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.powersync.jakarta.storage.postgres.change.OwnCommits;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;
import org.powersync.jakarta.storage.postgres.sql.SqlTransactions;

/**
 * What everything that stores works with.
 *
 * @param direct connections that take no part in global transactions
 * @param entities transactions on entities
 * @param scheduler runs short background work: renewing locks, looking after the schema
 * @param commits what writers of this process tell its readers
 */
public record StorageResources(
    DataSource direct,
    EntityTransactions entities,
    ScheduledExecutorService scheduler,
    OwnCommits commits) {

  /** Of a process, or of what has to be like one. */
  public StorageResources(
      DataSource direct, EntityTransactions entities, ScheduledExecutorService scheduler) {
    this(direct, entities, scheduler, new OwnCommits());
  }

  public StorageResources {
    Objects.requireNonNull(direct);
    Objects.requireNonNull(entities);
    Objects.requireNonNull(scheduler);
    Objects.requireNonNull(commits);
  }

  /** Short transactions on the direct connections. */
  public SqlTransactions sql() {
    return new SqlTransactions(direct);
  }
}
