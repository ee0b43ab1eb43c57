package org.powersync.jakarta.storage.postgres;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;

/**
 * Begins the work of {@link StorageStartup} with the application, before the web module answers.
 * Returns at once; nothing that may fail runs here.
 */
@Startup
@Singleton
@TransactionManagement(TransactionManagementType.BEAN)
public class StorageLifecycle {
  @Inject private StorageStartup startup;

  @PostConstruct
  void begin() {
    startup.begin();
  }
}
