package org.powersync.jakarta.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The development database: one embedded PostgreSQL with {@code wal_level=logical}, data kept in a
 * folder, and in it a source and a storage database. Stops with the JVM.
 */
public final class DevDatabase {
  private final int port;

  private DevDatabase(int port) {
    this.port = port;
  }

  /**
   * Starts the server on this port, over the data of an earlier run when the folder holds some.
   *
   * @throws IOException with what to do, when the port is taken
   */
  public static DevDatabase start(Path folder, int port) throws IOException {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      probe.setReuseAddress(true);
    } catch (IOException e) {
      throw new IOException(
          "Port " + port + " is taken; choose another with -Ddemo.postgres.port=…", e);
    }
    // The data directory is not removed, so that a demonstration can be taken up again.
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(Files.createDirectories(folder).resolve("data"))
            .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
            .setCleanDataDirectory(false)
            .setServerConfig("wal_level", "logical")
            .setServerConfig("timezone", "UTC")
            .setServerConfig("lc_messages", "C")
            .start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    server.close();
                  } catch (IOException e) {
                    System.err.println("The database did not stop cleanly: " + e.getMessage());
                  }
                },
                "stop-database"));
    return new DevDatabase(port);
  }

  /** Creates a database unless it exists. */
  public void ensureDatabase(String name) throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE DATABASE " + name + " ENCODING 'UTF8' TEMPLATE template0");
    }
  }

  public Connection connect(String database) throws SQLException {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"127.0.0.1"});
    dataSource.setPortNumbers(new int[] {port});
    dataSource.setDatabaseName(database);
    dataSource.setUser("postgres");
    dataSource.setPassword("postgres");
    return dataSource.getConnection();
  }
}
