package org.powersync.jakarta.diagnostics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.BucketStorageProvider;
import org.powersync.jakarta.storage.Deployment;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.LoadResult;
import org.powersync.jakarta.syncconfig.SyncConfig;

/**
 * Deploys sync configs on behalf of operators, and says what is deployed (sync API sections 2.5 and
 * 2.6). Safe for all threads.
 */
@ApplicationScoped
public class ConfigDeployments {
  /** Context of a refusal that its caller is to see besides the text. */
  public static final String DETAILS = "details";

  private final BucketStorageProvider storage;
  private final ConfiguredSource source;

  /** For the container's proxy only. */
  protected ConfigDeployments() {
    this(null, null);
  }

  @Inject
  public ConfigDeployments(BucketStorageProvider storage, ConfiguredSource source) {
    this.storage = storage;
    this.source = source;
  }

  /** A deployed config and what it means. */
  public record Deployed(ReplicationStream stream, ConfigDescription description) {}

  /**
   * @param next being built, to take over when it is ready
   */
  public record Current(Deployed active, Optional<Deployed> next) {}

  /**
   * Stores a config as a new stream; the active one serves until that is ready.
   *
   * @throws PowerSyncException PSYNC_S4105 if the config comes from the service configuration,
   *     PSYNC_R0001 with details if the text is not valid
   */
  public ReplicationStream deploy(String text) {
    if (!source.deployable()) {
      throw new PowerSyncException(ErrorCode.PSYNC_S4105, "Sync config API disabled")
          .with(DETAILS, "Update the sync config in the service configuration");
    }
    checkValid(text);
    return storage.deploy(Deployment.of(text));
  }

  /**
   * Deploys the active config once more.
   *
   * @throws PowerSyncException PSYNC_S4106 while a config is being deployed, PSYNC_S4104 if none is
   *     active, PSYNC_R0001 if the text does not pass today's validation
   */
  public ReplicationStream reprocess() {
    if (storage.deploying().isPresent()) {
      throw new PowerSyncException(
          ErrorCode.PSYNC_S4106, "A sync config is being deployed already; wait until it is ready");
    }
    String text = active().content();
    checkValid(text);
    return storage.deploy(Deployment.of(text));
  }

  /**
   * What is deployed.
   *
   * @throws PowerSyncException PSYNC_S4104 if no config is active
   */
  public Current current() {
    return new Current(describe(active()), storage.deploying().map(this::describe));
  }

  /** What a text means, without deploying it. */
  public ConfigDescription describe(String text) {
    return source
        .get()
        .map(inspection -> ConfigDescription.of(text, inspection))
        .orElseGet(() -> ConfigDescription.invalid(List.of(ConfiguredSource.MISSING)));
  }

  private Deployed describe(ReplicationStream stream) {
    return new Deployed(stream, describe(stream.content()));
  }

  private ReplicationStream active() {
    return storage
        .active()
        .orElseThrow(
            () -> new PowerSyncException(ErrorCode.PSYNC_S4104, "No sync config is active"));
  }

  private void checkValid(String text) {
    valid(text, source.defaultSchema());
  }

  /** The config of a text; throws PSYNC_R0001 with every message and its place in the details. */
  static SyncConfig valid(String text, String defaultSchema) {
    LoadResult loaded = SyncConfig.load(text, defaultSchema);
    return loaded
        .config()
        .orElseThrow(
            () ->
                new PowerSyncException(ErrorCode.PSYNC_R0001, "The sync config is not valid")
                    .with(
                        DETAILS,
                        String.join(
                            "\n",
                            loaded.fatal().stream()
                                .map(
                                    m ->
                                        "line %d, column %d: %s"
                                            .formatted(m.line(), m.column(), m.text()))
                                .toList())));
  }
}
