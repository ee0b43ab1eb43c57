package org.powersync.jakarta.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The server's configuration as it was built, with one file more, as an operator adds one in {@code
 * configDropins/overrides}.
 */
public final class ServerOverride {
  private ServerOverride() {}

  /**
   * Writes a copy of the configuration.
   *
   * @param name of the copy below {@code target/servers}
   * @param xml content of the further file
   * @return the environment that has a {@link LibertyServer} use it
   */
  public static Map<String, String> environment(String name, String xml) {
    Path built = Path.of(System.getProperty("liberty.home", "target/liberty/wlp")).resolve("usr");
    Path own = Path.of("target", "servers", name + "-usr").toAbsolutePath();
    try {
      for (String part : new String[] {"shared", "servers/powersync"}) {
        copy(built.resolve(part), own.resolve(part));
      }
      Path overrides = own.resolve("servers/powersync/configDropins/overrides");
      Files.createDirectories(overrides);
      Files.writeString(overrides.resolve("operators.xml"), xml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("WLP_USER_DIR", own.toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().contains("workarea")) {
          Path target = to.resolve(from.relativize(file));
          Files.createDirectories(target.getParent());
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
