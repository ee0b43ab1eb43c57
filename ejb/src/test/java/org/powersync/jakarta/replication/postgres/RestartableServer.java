package org.powersync.jakarta.replication.postgres;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;

/** A PostgreSQL of its own that can be restarted on its port; closed with all that is in it. */
final class RestartableServer implements AutoCloseable {
  private static final int SECONDS = 60;

  private final TestPostgres postgres;
  private final Path data;

  RestartableServer(TestPostgres postgres) throws SQLException {
    this.postgres = postgres;
    try (Connection connection = postgres.server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW data_directory")) {
      row.next();
      this.data = Path.of(row.getString(1));
    }
  }

  /**
   * @param mode of shutting down: smart, fast or immediate
   */
  void restart(String mode) throws IOException, InterruptedException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
    Path binary = Path.of(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow());
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      // PostgreSQL refuses to run as root: the server was started in a user namespace, too.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binary.resolveSibling("pg_ctl").toString());
    command.addAll(List.of("-D", data.toString(), "-m", mode, "-w"));
    command.addAll(List.of("-l", data.resolve("restart.log").toString(), "restart"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File(data.toFile(), "pg_ctl.log"))
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(
          "restart failed: " + Files.readString(data.resolve("pg_ctl.log")));
    }
  }

  /** Begins a new timeline, as a server does that is promoted. */
  void failOver() throws IOException, InterruptedException {
    Files.writeString(
        data.resolve("postgresql.auto.conf"), "restore_command = 'false'\n", APPEND, CREATE);
    Files.createFile(data.resolve("recovery.signal"));
    restart("fast");
    Await.until(
        "the server is promoted",
        Duration.ofSeconds(SECONDS),
        () -> {
          try (Connection connection = postgres.server().getPostgresDatabase().getConnection();
              Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT NOT pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1);
          } catch (SQLException e) {
            return false;
          }
        });
  }

  @Override
  public void close() throws IOException {
    postgres.server().close();
  }
}
