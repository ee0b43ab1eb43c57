package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.EntityManager;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs work on entities, each call in a transaction of its own: committed when the work returns,
 * rolled back when it throws. Entities do not outlive the call. Database failures come out as
 * {@link org.powersync.jakarta.storage.StorageFailure}. Safe for all threads.
 */
public interface EntityTransactions {
  /**
   * @param doing what is tried, a constant for error messages
   */
  <T> T call(String doing, Function<EntityManager, T> work);

  /** As {@link #call} without a result. */
  default void run(String doing, Consumer<EntityManager> work) {
    call(
        doing,
        entities -> {
          work.accept(entities);
          return null;
        });
  }
}
