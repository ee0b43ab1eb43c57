package org.powersync.jakarta.storage.postgres.entity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.function.Function;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.postgres.sql.SqlFailures;

/** Entity work in the container's transactions, on {@code jdbc/powersyncStorage}. */
@ApplicationScoped
public class ContainerEntityTransactions implements EntityTransactions {
  private final Boundary boundary;

  /** For the container's proxy only. */
  protected ContainerEntityTransactions() {
    this(null);
  }

  @Inject
  ContainerEntityTransactions(Boundary boundary) {
    this.boundary = boundary;
  }

  @Override
  public <T> T call(String doing, Function<EntityManager, T> work) {
    try {
      return boundary.inTransaction(work);
    } catch (PowerSyncException e) {
      throw e;
    } catch (RuntimeException e) {
      throw SqlFailures.behind(e)
          .<RuntimeException>map(failure -> SqlFailures.of(doing, failure))
          .orElse(e);
    }
  }

  /** The transaction ends where this bean's method does; failures to commit surface behind it. */
  @ApplicationScoped
  public static class Boundary {
    @PersistenceContext(unitName = "powersync")
    private EntityManager entities;

    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public <T> T inTransaction(Function<EntityManager, T> work) {
      return work.apply(entities);
    }
  }
}
