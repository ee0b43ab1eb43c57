package org.powersync.jakarta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.config.ConfigurationResult.Loaded;
import org.powersync.jakarta.config.ConfigurationResult.Rejected;
import org.powersync.jakarta.connection.document.ConfigurationProblem;

/** An environment and a working directory to load a configuration from. */
final class ConfigurationFixture {
  /** The least a configuration needs. */
  static final String STORAGE =
      """
      storage:
        type: postgresql
        uri: postgresql://storer:storage-secret@storage.example:5433/buckets
        sslmode: disable
      """;

  private final Map<String, String> environment = new HashMap<>();
  private final Path directory;

  ConfigurationFixture(Path directory) {
    this.directory = directory;
  }

  ConfigurationFixture variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  ConfigurationFixture file(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Path directory() {
    return directory;
  }

  ConfigurationResult load() {
    return new ConfigurationLoader(environment::get, directory).load();
  }

  /** Loads this text, below the storage it needs. */
  PowerSyncConfiguration loaded(String yaml) {
    return loadedAlone(STORAGE + yaml);
  }

  PowerSyncConfiguration loadedAlone(String yaml) {
    file("powersync.yaml", yaml);
    ConfigurationResult result = load();
    assertThat(result)
        .as(() -> result instanceof Rejected rejected ? rejected.errors().toString() : "loaded")
        .isInstanceOf(Loaded.class);
    return ((Loaded) result).configuration();
  }

  /** The errors of this text, below the storage it needs. */
  List<String> errors(String yaml) {
    return errorsAlone(STORAGE + yaml);
  }

  List<String> errorsAlone(String yaml) {
    file("powersync.yaml", yaml);
    ConfigurationResult result = load();
    assertThat(result).isInstanceOf(Rejected.class);
    List<String> errors =
        ((Rejected) result).errors().stream().map(ConfigurationProblem::toString).toList();
    assertThat(errors).isNotEmpty();
    return errors;
  }
}
