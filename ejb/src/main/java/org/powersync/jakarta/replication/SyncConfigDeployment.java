package org.powersync.jakarta.replication;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
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
 * Deploys the sync config that comes with the configuration of this process, once per start
 * (configuration section 7). Storage failures are retried until they pass.
 */
final class SyncConfigDeployment {
  private static final Logger LOG = Logger.getLogger(SyncConfigDeployment.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final BucketStorageProvider provider;
  private final String defaultSchema;

  SyncConfigDeployment(BucketStorageProvider provider, String defaultSchema) {
    this.provider = provider;
    this.defaultSchema = defaultSchema;
  }

  /**
   * Deploys the text when it differs from what is deployed; returns early when stopped.
   *
   * @param rejectInvalid do not deploy a text with fatal errors
   * @param onDelay told each failure that is tried again
   * @throws PowerSyncException {@code PSYNC_R0001} with the first error when the text is rejected
   */
  void deploy(
      String text, boolean rejectInvalid, StopSignal stop, Consumer<RuntimeException> onDelay)
      throws InterruptedException {
    if (rejectInvalid) {
      check(SyncConfig.load(text, defaultSchema).fatal());
    }
    Duration pause = FIRST_PAUSE;
    while (!stop.stopped()) {
      try {
        BucketStorageProvider.ConfigureResult result = provider.configure(Deployment.of(text));
        result
            .deployed()
            .ifPresent(stream -> LOG.log(Level.INFO, "Deployed as {0}", stream.name()));
        return;
      } catch (RuntimeException e) {
        if (e instanceof PowerSyncException coded && coded.failureClass() == FailureClass.MISTAKE) {
          throw e;
        }
        onDelay.accept(e);
        LOG.log(Level.WARNING, e, () -> "Cannot deploy the sync config yet, trying again");
        stop.await(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
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
