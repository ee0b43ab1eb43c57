package org.powersync.jakarta.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.TestPostgres;

/**
 * Starts the databases of the in-container tests and writes the configuration file that the server
 * will read. A listener of the whole session, because Arquillian starts the server before any test
 * class is asked for anything.
 */
public class ContainerDatabases implements LauncherSessionListener {
  /** The password of storage in the configuration; the server accepts any. */
  static final String PASSWORD = "keep-this-to-yourself-9c41";

  private static final Path CONFIGURATION = Path.of("target", "itest", "powersync.yaml");

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (System.getProperty("powersync.ear") == null) {
      return; // not the integration-test phase
    }
    TestPostgres.Database source = TestPostgres.shared().createDatabase("container_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("container_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, owner text, body text)",
        "CREATE PUBLICATION powersync FOR TABLE notes",
        "INSERT INTO notes VALUES ('n1', 'ann', 'first')");
    try {
      Files.createDirectories(CONFIGURATION.getParent());
      Files.writeString(
          CONFIGURATION,
          """
          replication:
            connections:
              - {type: postgresql, uri: '%s', sslmode: disable}
          storage: {type: postgresql, uri: '%s', sslmode: disable}
          client_auth:
            audience: [%s]
            jwks: {keys: [{kty: oct, alg: HS256, kid: bench, k: %s}]}
          sync_config:
            content: |
              config: {edition: 2}
              bucket_definitions:
                by_owner:
                  parameters: SELECT request.user_id() AS owner
                  data:
                    - SELECT * FROM notes WHERE owner = bucket.owner
          """
              .formatted(
                  source.uri(),
                  storage.uri().replace(":postgres@", ":" + PASSWORD + "@"),
                  Tokens.AUDIENCE,
                  Tokens.KEY_BASE64URL));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
