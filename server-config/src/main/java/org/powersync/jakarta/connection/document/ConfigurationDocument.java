package org.powersync.jakarta.connection.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.powersync.jakarta.connection.document.ConfigurationNode.Mapping;

/**
 * The service configuration that applies to this process (configuration section 1).
 *
 * @param root the whole document
 * @param origin where it was found, for messages
 */
public record ConfigurationDocument(Mapping root, String origin) {
  /** Variable with the configuration itself, in Base64. */
  public static final String CONFIG_B64 = "POWERSYNC_CONFIG_B64";

  /** Variable with the path of the configuration file. */
  public static final String CONFIG_PATH = "POWERSYNC_CONFIG_PATH";

  /** System property that stands for {@link #CONFIG_PATH} and beats it. */
  public static final String CONFIG_PATH_PROPERTY = "powersync.config.path";

  private static final String DEFAULT_FILE = "powersync.yaml";
  private static final long MAX_FILE_SIZE = 3L << 20;

  /** The document as a section to read from, which notes what it finds in {@code problems}. */
  public ConfigurationSection section(ConfigurationProblems problems) {
    return new ConfigurationSection(root, problems);
  }

  /** The document of this process: its environment and its working directory. */
  public static Optional<ConfigurationDocument> find(ConfigurationProblems problems) {
    return find(processEnvironment(), Path.of("").toAbsolutePath(), problems);
  }

  /** Variables of this process, with the system property twin of {@link #CONFIG_PATH}. */
  public static UnaryOperator<String> processEnvironment() {
    return name -> {
      String property = name.equals(CONFIG_PATH) ? System.getProperty(CONFIG_PATH_PROPERTY) : null;
      return property == null ? System.getenv(name) : property;
    };
  }

  /**
   * The first of: Base64 text, named file, {@code powersync.yaml} in the working directory. A
   * source that is found but broken ends the search; its errors are in {@code problems}, and the
   * result is empty. Without errors, empty means that there is no configuration.
   */
  public static Optional<ConfigurationDocument> find(
      UnaryOperator<String> environment, Path workingDirectory, ConfigurationProblems problems) {
    Optional<ConfigurationDocument> found = Optional.empty();
    String base64 = environment.apply(CONFIG_B64);
    if (base64 != null && !base64.isEmpty()) {
      found = fromBase64(base64, environment, problems);
    }
    Optional<Path> named = namedFile(environment, workingDirectory);
    if (found.isEmpty() && !problems.hasErrors() && named.isPresent()) {
      found = fromFile(named.get(), environment, problems);
    }
    Path defaultFile = workingDirectory.resolve(DEFAULT_FILE);
    if (found.isEmpty() && !problems.hasErrors() && Files.exists(defaultFile)) {
      found = fromFile(defaultFile, environment, problems);
    }
    return problems.hasErrors() ? Optional.empty() : found;
  }

  /** The configuration file that was named, whether or not it is the source used. */
  public static Optional<Path> namedFile(UnaryOperator<String> environment, Path workingDirectory) {
    String path = environment.apply(CONFIG_PATH);
    return path == null || path.isEmpty()
        ? Optional.empty()
        : Optional.of(workingDirectory.resolve(path));
  }

  private static Optional<ConfigurationDocument> fromBase64(
      String base64, UnaryOperator<String> environment, ConfigurationProblems problems) {
    Optional<byte[]> bytes = Base64Text.decode(base64);
    if (bytes.isEmpty()) {
      problems.error("", 0, CONFIG_B64 + " is not valid Base64");
      return Optional.empty();
    }
    return parse(bytes.get(), CONFIG_B64, Format.EITHER, environment, problems);
  }

  private static Optional<ConfigurationDocument> fromFile(
      Path file, UnaryOperator<String> environment, ConfigurationProblems problems) {
    try {
      if (Files.size(file) > MAX_FILE_SIZE) {
        problems.error("", 0, "the configuration file " + file + " is larger than 3 MiB");
        return Optional.empty();
      }
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      Format format =
          name.endsWith(".yaml") || name.endsWith(".yml")
              ? Format.YAML
              : name.endsWith(".json") ? Format.JSON : Format.EITHER;
      return parse(Files.readAllBytes(file), file.toString(), format, environment, problems);
    } catch (NoSuchFileException e) {
      problems.error("", 0, "the configuration file " + file + " does not exist");
    } catch (IOException e) {
      problems.error("", 0, "the configuration file " + file + " cannot be read");
    }
    return Optional.empty();
  }

  private enum Format {
    YAML,
    JSON,
    EITHER
  }

  private static Optional<ConfigurationDocument> parse(
      byte[] bytes,
      String origin,
      Format format,
      UnaryOperator<String> environment,
      ConfigurationProblems problems) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      problems.error("", 0, origin + " is not UTF-8 text");
      return Optional.empty();
    }
    Optional<ConfigurationNode> root =
        switch (format) {
          case YAML -> new YamlDocumentParser(environment, problems).parse(text);
          case JSON -> new JsonDocumentParser(problems).parse(text);
          case EITHER -> parseEither(text, environment, problems);
        };
    return root.filter(node -> node.plain() != null)
        .flatMap(
            node -> {
              if (node instanceof Mapping mapping) {
                return Optional.of(new ConfigurationDocument(mapping, origin));
              }
              problems.error("", node.line(), origin + " must hold an object with keys");
              return Optional.empty();
            });
  }

  private static Optional<ConfigurationNode> parseEither(
      String text, UnaryOperator<String> environment, ConfigurationProblems problems) {
    ConfigurationProblems yamlProblems = new ConfigurationProblems();
    Optional<ConfigurationNode> yaml =
        new YamlDocumentParser(environment, yamlProblems).parse(text);
    if (!yamlProblems.hasErrors()) {
      return yaml;
    }
    ConfigurationProblems jsonProblems = new ConfigurationProblems();
    Optional<ConfigurationNode> json = new JsonDocumentParser(jsonProblems).parse(text);
    if (!jsonProblems.hasErrors()) {
      return json;
    }
    yamlProblems.errors().forEach(p -> problems.error(p.path(), p.line(), p.text()));
    jsonProblems.errors().forEach(p -> problems.error(p.path(), p.line(), p.text()));
    return Optional.empty();
  }
}
