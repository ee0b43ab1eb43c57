package org.powersync.jakarta.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.powersync.jakarta.client.SocketStreams;
import org.powersync.jakarta.client.SocketStreams.SocketStream;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** Streams that stay open, each past its first checkpoint. */
final class OpenStreams implements AutoCloseable {
  private final SocketStreams clients;
  private final List<SocketStream> streams = new ArrayList<>();

  OpenStreams(LibertyServer server) {
    this.clients = new SocketStreams(server.uri());
  }

  /** Opens one more. */
  SocketStream open(String user) {
    SocketStream stream = clients.open(user, "{\"raw_data\":true}");
    streams.add(stream);
    Arrivals.awaitComplete(stream);
    return stream;
  }

  /**
   * Milliseconds from each of some commits to its line at each of these streams, with pauses in
   * between.
   *
   * @param update with the text of the row as its only parameter
   */
  static double[] afterCommits(
      TestPostgres.Database source,
      String update,
      List<SocketStream> streams,
      String mark,
      int commits,
      Duration pause)
      throws SQLException {
    double[] samples = new double[commits * streams.size()];
    int sample = 0;
    try (Connection connection = source.connect();
        PreparedStatement statement = connection.prepareStatement(update)) {
      for (int i = 0; i < commits; i++) {
        String marker = mark + " " + i + ".";
        statement.setString(1, marker);
        statement.executeUpdate();
        long committed = System.nanoTime();
        for (SocketStream stream : streams) {
          samples[sample++] = Math.max(0, Arrivals.of(stream, marker) - committed) / 1e6;
        }
        LockSupport.parkNanos(pause.toNanos());
      }
    }
    return samples;
  }

  List<SocketStream> all() {
    return streams;
  }

  @Override
  public void close() {
    clients.close();
  }
}
