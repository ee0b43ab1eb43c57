package org.powersync.jakarta.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.server.LibertyServer;

/** Streams that stay open, each past its first checkpoint. */
final class OpenStreams implements AutoCloseable {
  private final LibertyServer server;
  private final List<StreamConnection> streams = new ArrayList<>();

  OpenStreams(LibertyServer server) {
    this.server = server;
  }

  /** Opens one more. */
  StreamConnection open(String user) {
    StreamConnection stream =
        StreamConnection.open(
            server.uri(),
            "/sync/stream",
            "{\"raw_data\":true}",
            Map.of("Authorization", "Token " + Tokens.user(user)));
    Bench.check("status of stream " + streams.size(), 200, stream.status());
    streams.add(stream);
    Arrivals.awaitComplete(stream);
    return stream;
  }

  List<StreamConnection> all() {
    return streams;
  }

  @Override
  public void close() {
    streams.forEach(StreamConnection::close);
  }
}
