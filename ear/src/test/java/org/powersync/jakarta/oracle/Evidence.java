package org.powersync.jakarta.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.powersync.jakarta.fixture.TestPostgres;

/**
 * What is left of a run that failed, below {@code target/oracle/}: the configs and all transactions
 * of the source, the tables of the storage, the last lines that each client received.
 */
final class Evidence {
  private static final int ROW_LENGTH = 1500;
  private static final String TABLES =
      """
      SELECT relname FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'powersync'::regnamespace ORDER BY 1\
      """;

  private final Path folder;

  Evidence(long seed) {
    folder = Path.of("target", "oracle", "seed-" + seed);
  }

  Path folder() {
    return folder.toAbsolutePath();
  }

  void source(List<GeneratedConfig> configs, SourceHistory history) {
    configs.forEach(config -> write(config.rules().get(0).name() + ".yaml", config.yaml()));
    write("transactions.txt", history.toldFromTheStart());
  }

  void clients(List<RoamingClient> clients) {
    clients.forEach(client -> write(client + ".txt", client.received()));
  }

  void storage(TestPostgres.Database storage) {
    for (String table : storage.query(TABLES)) {
      List<String> rows =
          storage.query("SELECT left(t::text, " + ROW_LENGTH + ") FROM powersync." + table + " t");
      write(table + ".txt", String.join("\n", rows));
    }
  }

  private void write(String name, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
