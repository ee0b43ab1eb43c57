package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** Commands as operators run them: a process of the built server that ends with an exit code. */
class CommandIT {
  private final TestPostgres.Database source = TestPostgres.shared().createDatabase("cmd_source");
  private final TestPostgres.Database storage = TestPostgres.shared().createDatabase("cmd_storage");

  private record Outcome(int code, String output) {}

  private Outcome run(String configuration, String... words) throws IOException {
    LibertyServer server =
        new LibertyServer(
            "command",
            configuration,
            Map.of("JVM_ARGS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
    Path console = server.output().resolve("console.log");
    Files.deleteIfExists(console);
    int code = server.command(words);
    return new Outcome(code, Files.readString(console));
  }

  private String configuration() {
    return """
        replication: {connections: [{type: postgresql, uri: '%s', sslmode: disable}]}
        storage: {type: postgresql, uri: '%s', sslmode: disable}
        sync_config:
          content: |
            bucket_definitions: {all: {data: [SELECT id FROM notes]}}
        """
        .formatted(source.uri(), storage.uri());
  }

  @Test
  void preflightSaysWhatIsMissingAndHowToMendIt() throws IOException {
    source.execute("CREATE TABLE notes (id text PRIMARY KEY)");
    Outcome before = run(configuration(), "preflight");
    assertThat(before.code()).as(before.output()).isEqualTo(1);
    assertThat(before.output()).contains("FATAL").contains("CREATE PUBLICATION");

    source.execute("CREATE PUBLICATION powersync FOR ALL TABLES");
    Outcome after = run(configuration(), "preflight");
    assertThat(after.code()).as(after.output()).isZero();
  }

  @Test
  void schemaComesAndGoes() throws IOException {
    Outcome up = run(configuration(), "migrate", "up");
    assertThat(up.code()).as(up.output()).isZero();
    assertThat(tables()).isTrue();
    Outcome compacted = run(configuration(), "compact");
    assertThat(compacted.code()).as(compacted.output()).isZero();
    Outcome down = run(configuration(), "migrate", "down");
    assertThat(down.code()).as(down.output()).isZero();
    assertThat(tables()).isFalse();
  }

  @Test
  void refusesWhatIsWrongWithTheRightCode() throws IOException {
    assertThat(run(configuration(), "teardown").code()).isEqualTo(150);
    assertThat(run(configuration(), "compact", "-b", "not-a-bucket").code()).isEqualTo(1);
    assertThat(run("storage: {type: postgresql}", "compact").code()).isEqualTo(150);
    for (String each : List.of("test-connection", "preflight")) {
      assertThat(run("storage: {type: postgresql}", each).code()).as(each).isEqualTo(1);
    }
  }

  private boolean tables() {
    try (Connection connection = storage.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT to_regclass('powersync.bucket_data') IS NOT NULL")) {
      rows.next();
      return rows.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
