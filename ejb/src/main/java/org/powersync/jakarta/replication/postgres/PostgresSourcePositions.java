package org.powersync.jakarta.replication.postgres;

import java.sql.Statement;
import org.powersync.jakarta.replication.postgres.server.ShortQueries;
import org.powersync.jakarta.replication.postgres.server.SourceConnections;
import org.powersync.jakarta.replication.postgres.server.SourceServer;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.SourcePositions;

/**
 * Positions of a PostgreSQL source, over a connection of its own that is given up when idle. The
 * head is the insert position, because with asynchronous commit the write position can be behind a
 * change that is visible; the marker is transactional, because only that is flushed at once.
 */
public final class PostgresSourcePositions implements SourcePositions, AutoCloseable {
  private static final String MARKER = "SELECT pg_logical_emit_message(true, 'powersync', 'ping')";

  private final ShortQueries queries;

  public PostgresSourcePositions(SourceConnections connections) {
    this.queries = new ShortQueries(connections);
  }

  @Override
  public Lsn head() {
    return new Lsn(queries.run("reading the position", SourceServer::position).toString());
  }

  @Override
  public void advance() {
    queries.run(
        "marking a write checkpoint",
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(MARKER);
          }
        });
  }

  @Override
  public void close() {
    queries.close();
  }
}
