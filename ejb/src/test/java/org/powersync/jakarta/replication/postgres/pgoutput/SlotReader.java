package org.powersync.jakarta.replication.postgres.pgoutput;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.powersync.jakarta.connection.AddressRestriction;
import org.powersync.jakarta.connection.ConnectionSettings;
import org.powersync.jakarta.connection.PostgresConnections;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.connection.SslMode;
import org.powersync.jakarta.connection.TlsSettings;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;

/** A publication of all tables and a slot of a test database, read from its creation onwards. */
public final class SlotReader {
  private static final String END = "end_of_test";

  private final TestPostgres.Database database;
  private final String slot;

  /** Creates the publication and the slot. */
  public SlotReader(TestPostgres.Database database) {
    this.database = database;
    this.slot = database.name();
    database.execute(
        "CREATE TABLE " + END + " (id int)",
        "CREATE PUBLICATION powersync FOR ALL TABLES",
        "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
  }

  /**
   * Reads everything up to now and drops the slot.
   *
   * @param settings statements to run on the replication connection first
   */
  public List<PgOutputMessage> readAll(String... settings) throws SQLException {
    // A row, since older servers do not stream messages.
    database.execute("INSERT INTO " + END + " VALUES (1)");
    List<PgOutputMessage> messages = new ArrayList<>();
    try (Connection connection = connections(database).replication()) {
      try (Statement statement = connection.createStatement()) {
        for (String setting : settings) {
          statement.execute(setting);
        }
      }
      try (PGReplicationStream stream = start(connection)) {
        PgOutputMessage message = PgOutputDecoder.decode(stream.read());
        while (!(message instanceof Relation end && end.name().equals(END))) {
          messages.add(message);
          message = PgOutputDecoder.decode(stream.read());
        }
        // The beginning of its transaction.
        messages.remove(messages.size() - 1);
      }
    }
    database.execute("SELECT pg_drop_replication_slot('" + slot + "')");
    return messages;
  }

  /** Connections to the database as the product opens them. */
  public static SourceConnections connections(TestPostgres.Database database) {
    ConnectionSettings settings =
        new ConnectionSettings(
            "127.0.0.1",
            database.port(),
            database.name(),
            "postgres",
            Secret.of("postgres"),
            TlsSettings.of(SslMode.DISABLE),
            AddressRestriction.NONE,
            Duration.ofSeconds(20));
    return new SourceConnections(
        new PostgresConnections(settings), "powersync-test", Duration.ofSeconds(30));
  }

  private PGReplicationStream start(Connection connection) throws SQLException {
    ChainedLogicalStreamBuilder builder =
        connection
            .unwrap(PGConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(slot)
            .withSlotOption("proto_version", "1")
            .withSlotOption("publication_names", "powersync")
            .withAutomaticFlush(false);
    // Unknown to older servers.
    if (connection.getMetaData().getDatabaseMajorVersion() >= 14) {
      builder = builder.withSlotOption("messages", "true");
    }
    return builder.start();
  }
}
