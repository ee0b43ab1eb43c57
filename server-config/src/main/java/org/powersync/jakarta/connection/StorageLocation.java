package org.powersync.jakarta.connection;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.connection.document.ConfigurationDocument;
import org.powersync.jakarta.connection.document.ConfigurationNode.Mapping;
import org.powersync.jakarta.connection.document.ConfigurationNode.Scalar;
import org.powersync.jakarta.connection.document.ConfigurationProblems;
import org.powersync.jakarta.connection.document.ConfigurationSection;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Where the bucket storage is: the {@code storage} section of the service configuration or, if
 * there is no configuration at all, the variable {@code PS_STORAGE_SOURCE_URI}.
 *
 * <p>Only that bare URI may carry {@code sslmode=} in its query; {@code PS_STORAGE_SSLMODE} is the
 * other way to give one, and the default is verify-full.
 */
public final class StorageLocation {
  /** Variable with the URI, used without a configuration. */
  public static final String URI = "PS_STORAGE_SOURCE_URI";

  /** Variable with the sslmode that belongs to {@link #URI}. */
  public static final String SSL_MODE = "PS_STORAGE_SSLMODE";

  private StorageLocation() {}

  /**
   * The settings of this process.
   *
   * @throws PowerSyncException naming every problem, if there are none or they are wrong
   */
  public static ConnectionSettings find() {
    return find(ConfigurationDocument.processEnvironment(), Path.of("").toAbsolutePath());
  }

  static ConnectionSettings find(UnaryOperator<String> environment, Path workingDirectory) {
    ConfigurationProblems problems = new ConfigurationProblems();
    Optional<ConfigurationSection> section =
        ConfigurationDocument.find(environment, workingDirectory, problems)
            .map(document -> document.section(problems))
            .flatMap(StorageLocation::storageOf);
    if (section.isEmpty() && !problems.hasErrors()) {
      section = bareUri(environment, problems);
    }
    Optional<ConnectionSettings> settings = section.flatMap(ConnectionSettings::read);
    problems.throwIfErrors();
    return settings.orElseThrow();
  }

  private static Optional<ConfigurationSection> storageOf(ConfigurationSection root) {
    Optional<ConfigurationSection> storage = root.section("storage");
    if (storage.isEmpty() && !root.problems().hasErrors()) {
      root.error("storage", "is required");
    }
    return storage.filter(
        section -> {
          Optional<String> type = section.text("type");
          boolean supported = type.isEmpty() || type.get().equals("postgresql");
          if (!supported) {
            section.error("type", "only postgresql is supported, not " + type.get());
          }
          return supported;
        });
  }

  private static Optional<ConfigurationSection> bareUri(
      UnaryOperator<String> environment, ConfigurationProblems problems) {
    String uri = environment.apply(URI);
    if (uri == null || uri.isEmpty()) {
      problems.error(
          "",
          0,
          "no service configuration and no "
              + URI
              + "; set "
              + ConfigurationDocument.CONFIG_PATH
              + " to the configuration file");
      return Optional.empty();
    }
    String sslMode = environment.apply(SSL_MODE);
    if (sslMode == null || sslMode.isEmpty()) {
      sslMode = sslModeOf(uri);
    }
    Map<String, Scalar> entries = new LinkedHashMap<>();
    entries.put("uri", new Scalar(URI, 0, uri));
    if (sslMode != null) {
      entries.put("sslmode", new Scalar(SSL_MODE, 0, sslMode));
    }
    return Optional.of(new ConfigurationSection(new Mapping("", 0, Map.copyOf(entries)), problems));
  }

  private static String sslModeOf(String uri) {
    try {
      return ConnectionUri.parse(uri).query().get("sslmode");
    } catch (PowerSyncException e) {
      // Reading the settings reports the same fault, with its place.
      return null;
    }
  }
}
