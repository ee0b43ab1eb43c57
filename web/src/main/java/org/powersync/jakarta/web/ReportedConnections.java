package org.powersync.jakarta.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import org.powersync.jakarta.storage.ConnectionReports;
import org.powersync.jakarta.sync.ConnectionEvents;

/** Puts connections of clients into the reports. Safe for all threads. */
@ApplicationScoped
public class ReportedConnections implements ConnectionEvents {
  private static final String UNKNOWN = "unknown";

  @Inject private ConnectionReports reports;

  @Override
  public void connected(Connection connection) {
    reports.connected(
        new ConnectionReports.Connected(
            connection.userId(),
            connection.clientId().orElse(""),
            connection.connectedAt(),
            sdk(connection.userAgent()),
            connection.userAgent(),
            Optional.of(connection.tokenExpires())));
  }

  @Override
  public void disconnected(Connection connection, Instant at) {
    reports.disconnected(
        new ConnectionReports.Disconnected(
            connection.userId(), connection.clientId().orElse(""), connection.connectedAt(), at));
  }

  /** SDKs name themselves first, such as {@code powersync-web/1.30.0}. */
  static String sdk(String userAgent) {
    String text = userAgent.strip();
    if (text.isEmpty()) {
      return UNKNOWN;
    }
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }
}
