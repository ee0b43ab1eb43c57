package org.powersync.jakarta.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.powersync.jakarta.fixture.TestPostgres;

class StorageDataSourceIT {
  private static TestPostgres.Database database;
  @TempDir Path directory;

  @BeforeAll
  static void createDatabase() {
    database = TestPostgres.shared().createDatabase("datasource");
  }

  private StorageDataSource dataSource(Map<String, String> environment) {
    return new StorageDataSource(() -> StorageLocation.find(environment::get, directory));
  }

  private StorageDataSource dataSource() {
    return dataSource(
        Map.of("PS_STORAGE_SOURCE_URI", database.uri(), "PS_STORAGE_SSLMODE", "disable"));
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  @Test
  void connectsByTheVariableAlone() throws SQLException {
    try (Connection connection = dataSource().getConnection()) {
      assertThat(query(connection, "SELECT current_database()")).isEqualTo(database.name());
      assertThat(query(connection, "SHOW application_name")).startsWith("powersync-storage/");
      assertThat(connection.unwrap(PGConnection.class).getCopyAPI()).isNotNull();
    }
  }

  @Test
  void bareUriMayCarryTheSslMode() throws SQLException {
    try (Connection connection =
        dataSource(Map.of("PS_STORAGE_SOURCE_URI", database.uri() + "?sslmode=disable"))
            .getConnection()) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void configurationBeatsTheVariable() throws Exception {
    Files.writeString(
        directory.resolve("powersync.yaml"),
        "storage:\n  type: postgresql\n  uri: !env PS_URI\n  sslmode: disable\n");
    try (Connection connection =
        dataSource(
                Map.of(
                    "PS_URI",
                    database.uri(),
                    "PS_STORAGE_SOURCE_URI",
                    "postgresql://u:p@nowhere.invalid/x"))
            .getConnection()) {
      assertThat(query(connection, "SELECT current_database()")).isEqualTo(database.name());
    }
  }

  @Test
  void driverPropertiesOfTheServerAreKept() throws SQLException {
    StorageDataSource dataSource = dataSource();
    dataSource.setReWriteBatchedInserts(true);
    dataSource.setProperty("options", "-c statement_timeout=1234");
    try (Connection connection = dataSource.getConnection(null, null)) {
      assertThat(query(connection, "SHOW statement_timeout")).isEqualTo("1234ms");
    }
  }

  @Test
  void tlsIsRequiredByDefault() {
    assertThatThrownBy(
            () -> dataSource(Map.of("PS_STORAGE_SOURCE_URI", database.uri())).getConnection())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("SSL");
  }

  @Test
  void configurationErrorsCarryTheirCodeAndNoSecret() {
    assertThatThrownBy(
            () ->
                dataSource(Map.of("PS_STORAGE_SOURCE_URI", "postgresql://u:s3cret@h:80/d"))
                    .getConnection())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("PSYNC_S1110")
        .satisfies(e -> assertThat(stackOf(e)).doesNotContain("s3cret"));
    assertThatThrownBy(() -> dataSource(Map.of()).getConnection())
        .hasMessageContaining("PS_STORAGE_SOURCE_URI");
  }

  @Test
  void refusedConnectionPrintsNoSecret() {
    assertThatThrownBy(
            () ->
                dataSource(
                        Map.of(
                            "PS_STORAGE_SOURCE_URI",
                            "postgresql://u:s3cret@127.0.0.1:"
                                + database.port()
                                + "/missing?sslmode=disable"))
                    .getConnection())
        .isInstanceOf(SQLException.class)
        .satisfies(e -> assertThat(stackOf(e)).doesNotContain("s3cret"));
  }

  private static String stackOf(Throwable e) {
    StringWriter out = new StringWriter();
    e.printStackTrace(new PrintWriter(out));
    return out.toString();
  }

  @Test
  void credentialsCanNeitherBeSetNorRead() throws Exception {
    StorageDataSource dataSource = dataSource();
    dataSource.getConnection().close();
    assertThat(dataSource.getPassword()).isNull();
    assertThat(dataSource.getUser()).isNull();
    assertThat(dataSource.getUrl() + dataSource).doesNotContain("postgres:postgres");
    assertThatThrownBy(() -> dataSource.setPassword("x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dataSource.setUrl("jdbc:postgresql://h/d?password=x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dataSource.setProperty("password", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dataSource.getConnection("u", "p")).isInstanceOf(SQLException.class);
    assertThatThrownBy(
            () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(dataSource))
        .isInstanceOf(NotSerializableException.class);
  }

  private static PostgresConnections connections(AddressRestriction restriction) {
    return new PostgresConnections(
        new ConnectionSettings(
            "localhost",
            database.port(),
            database.name(),
            "postgres",
            Secret.of("postgres"),
            TlsSettings.of(SslMode.DISABLE),
            restriction,
            Duration.ofSeconds(20)));
  }

  @Tag("TYP-03")
  @Test
  void sourceSessionsPrintValuesInTheRequiredForm() throws SQLException {
    database.execute(
        "ALTER DATABASE " + database.name() + " SET DateStyle = 'German'",
        "ALTER DATABASE " + database.name() + " SET bytea_output = 'escape'",
        "ALTER DATABASE " + database.name() + " SET extra_float_digits = 0",
        "ALTER DATABASE " + database.name() + " SET IntervalStyle = 'iso_8601'");
    ConnectionOptions source = ConnectionOptions.named("powersync/1").forSource();
    for (ConnectionOptions options : List.of(source, source.forReplication())) {
      try (Connection connection = connections(AddressRestriction.NONE).open(options)) {
        assertThat(query(connection, "SHOW DateStyle")).isEqualTo("ISO, MDY");
        assertThat(query(connection, "SHOW TimeZone")).isEqualTo("UTC");
        assertThat(query(connection, "SHOW bytea_output")).isEqualTo("hex");
        assertThat(query(connection, "SHOW extra_float_digits")).isEqualTo("1");
        assertThat(query(connection, "SHOW IntervalStyle")).isEqualTo("postgres");
        assertThat(query(connection, "SHOW client_encoding")).isEqualTo("UTF8");
        assertThat(query(connection, "SHOW application_name")).isEqualTo("powersync/1");
      }
    }
  }

  @Test
  void replicationConnectionsSpeakTheReplicationProtocol() throws SQLException {
    ConnectionOptions options = ConnectionOptions.named("powersync/1").forReplication();
    try (Connection connection = connections(AddressRestriction.NONE).open(options)) {
      assertThat(query(connection, "IDENTIFY_SYSTEM")).isNotEmpty();
    }
  }

  @Tag("CFG-11")
  @Test
  void resolvedAddressIsCheckedWhenConnecting() {
    PostgresConnections connections = connections(AddressRestriction.of(List.of("local")));
    assertThatThrownBy(() -> connections.open(ConnectionOptions.named("x")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("PSYNC_S2203");
  }

  @Test
  void statementsCanBeCancelled() throws SQLException {
    try (Connection connection =
            connections(AddressRestriction.NONE).open(ConnectionOptions.named("x"));
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
          .hasMessageContaining("cancel");
    }
  }

  @Test
  void emptyOptionalsOfTlsNeedBothClientParts() {
    assertThatThrownBy(
            () ->
                new TlsSettings(
                    SslMode.VERIFY_FULL,
                    Optional.empty(),
                    Optional.of("x"),
                    Optional.empty(),
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
