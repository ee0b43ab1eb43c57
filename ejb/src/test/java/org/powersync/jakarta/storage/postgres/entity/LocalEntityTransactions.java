package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.Persistence;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;

/** Entity work outside a container: the same persistence unit on a plain data source. */
public final class LocalEntityTransactions implements EntityTransactions, AutoCloseable {
  private final EntityManagerFactory factory;

  public LocalEntityTransactions(DataSource dataSource) {
    factory =
        Persistence.createEntityManagerFactory(
            "powersync",
            Map.of(
                "jakarta.persistence.transactionType", "RESOURCE_LOCAL",
                "jakarta.persistence.nonJtaDataSource", dataSource,
                "jakarta.persistence.jtaDataSource", "",
                "eclipselink.session-name", "powersync-" + System.identityHashCode(dataSource),
                "eclipselink.weaving", "false"));
  }

  EntityManagerFactory factory() {
    return factory;
  }

  @Override
  public <T> T call(String doing, Function<EntityManager, T> work) {
    try (EntityManager entities = factory.createEntityManager()) {
      EntityTransaction transaction = entities.getTransaction();
      transaction.begin();
      try {
        T result = work.apply(entities);
        transaction.commit();
        return result;
      } finally {
        if (transaction.isActive()) {
          transaction.rollback();
        }
      }
    } catch (PowerSyncException e) {
      throw e;
    } catch (RuntimeException e) {
      throw SqlFailures.behind(e)
          .<RuntimeException>map(failure -> SqlFailures.of(doing, failure))
          .orElse(e);
    }
  }

  @Override
  public void close() {
    factory.close();
  }
}
