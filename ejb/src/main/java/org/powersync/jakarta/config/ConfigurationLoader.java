package org.powersync.jakarta.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.config.ConfigurationResult.Loaded;
import org.powersync.jakarta.config.ConfigurationResult.Rejected;
import org.powersync.jakarta.connection.document.ConfigurationDocument;
import org.powersync.jakarta.connection.document.ConfigurationProblems;

/**
 * Loads the service configuration from environment and files. Reads files, touches no network;
 * never throws for what an operator wrote.
 */
public final class ConfigurationLoader {
  private final UnaryOperator<String> environment;
  private final Path workingDirectory;

  /**
   * A loader.
   *
   * @param environment variable by name, null if not defined
   */
  public ConfigurationLoader(UnaryOperator<String> environment, Path workingDirectory) {
    this.environment = environment;
    this.workingDirectory = workingDirectory;
  }

  /** With the environment and the working directory of this process. */
  public static ConfigurationLoader ofProcess() {
    return new ConfigurationLoader(
        ConfigurationDocument.processEnvironment(), Path.of("").toAbsolutePath());
  }

  /** Loads everything; all that is wrong is found at once. */
  public ConfigurationResult load() {
    ConfigurationProblems problems = new ConfigurationProblems();
    Optional<ConfigurationDocument> document =
        ConfigurationDocument.find(environment, workingDirectory, problems);
    if (document.isEmpty()) {
      if (!problems.hasErrors()) {
        problems.error(
            "",
            0,
            "no service configuration found; set "
                + ConfigurationDocument.CONFIG_PATH
                + " to the configuration file");
      }
      return rejected(problems);
    }
    Optional<PowerSyncConfiguration> configuration =
        new ConfigurationReader(document.get().section(problems), environment, workingDirectory)
            .read();
    return configuration.<ConfigurationResult>map(Loaded::new).orElseGet(() -> rejected(problems));
  }

  private static Rejected rejected(ConfigurationProblems problems) {
    return new Rejected(problems.errors(), problems.warnings());
  }
}
