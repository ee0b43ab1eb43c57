package org.powersync.jakarta.replication;

import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.FailureClass;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.syncconfig.ConfigMessage;
import org.powersync.jakarta.syncconfig.SyncConfig;

/**
 * Deploys the sync config that comes with the configuration of this process (configuration section
 * 7). Until that has succeeded it is tried again and again: storage may come back, and a file may
 * appear or be mended. Afterwards the text of this process stays as it is. For the replicator's
 * thread.
 */
final class SyncConfigDeployment {
  private static final Logger LOG = Logger.getLogger(SyncConfigDeployment.class.getName());

  private final BucketStorageProvider provider;
  private final ReplicatorOptions options;
  private Optional<String> deployed = Optional.empty();
  private String rejected;
  private RuntimeException failure;
  private boolean settled;

  SyncConfigDeployment(BucketStorageProvider provider, ReplicatorOptions options) {
    this.provider = provider;
    this.options = options;
  }

  /** The text this process works on; empty while there is none, or others deploy. */
  Optional<String> deployed() {
    return deployed;
  }

  /** Why the text is not deployed yet; empty when nothing is wrong. */
  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Reads the text and deploys it when it differs from what is deployed; does nothing once that is
   * done, or while a rejected text has not changed. Never throws: see {@link #failure}.
   */
  void advance() {
    if (settled) {
      return;
    }
    try {
      Optional<String> text = options.syncConfig().get();
      if (text.isPresent() && text.get().equals(rejected)) {
        return;
      }
      text.ifPresent(this::deploy);
      deployed = text;
      failure = null;
      settled = true;
    } catch (RuntimeException e) {
      if (failure == null || !String.valueOf(e.getMessage()).equals(failure.getMessage())) {
        LOG.log(Level.SEVERE, e, () -> "The configured sync config is not deployed: " + e);
      }
      failure = e;
    }
  }

  private void deploy(String text) {
    try {
      if (options.rejectInvalid()) {
        check(SyncConfig.load(text, options.defaultSchema()).fatal());
      }
      provider
          .configure(Deployment.of(text))
          .deployed()
          .ifPresent(stream -> LOG.log(Level.INFO, "Deployed as {0}", stream.name()));
    } catch (PowerSyncException e) {
      if (e.failureClass() == FailureClass.MISTAKE) {
        rejected = text;
      }
      throw e;
    }
  }

  private static void check(List<ConfigMessage> fatal) {
    if (!fatal.isEmpty()) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_R0001,
              "The configured sync config has errors and was not deployed; correct it, or set"
                  + " sync_config.exit_on_error to false to deploy it all the same")
          .with("errors", fatal.size())
          .with("first", fatal.get(0));
    }
  }
}
