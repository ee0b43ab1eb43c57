package org.powersync.jakarta.storage.postgres;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import org.powersync.jakarta.storage.postgres.entity.EntityTransactions;

/** Looks up what the server provides. */
@ApplicationScoped
public class ContainerResources {
  @Resource(lookup = "jdbc/powersyncStorageDirect")
  private DataSource direct;

  @Resource private ManagedScheduledExecutorService scheduler;

  @Produces
  @Singleton
  StorageResources resources(EntityTransactions entities) {
    return new StorageResources(direct, entities, scheduler);
  }
}
