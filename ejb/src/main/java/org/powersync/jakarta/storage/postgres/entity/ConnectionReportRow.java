package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.powersync.jakarta.storage.ConnectionReports;

/** One connection of a client on one day (storage section 10). */
@Entity
@Table(name = "connection_report_events", schema = "powersync")
public class ConnectionReportRow {
  @Id private String id;

  @Column(name = "user_agent", nullable = false)
  private String userAgent;

  @Column(name = "client_id", nullable = false)
  private String clientId;

  @Column(name = "user_id", nullable = false)
  private String userId;

  @Column(nullable = false)
  private String sdk;

  @Column(name = "jwt_exp")
  private Instant tokenExpiresAt;

  @Column(name = "connected_at", nullable = false)
  private Instant connectedAt;

  @Column(name = "disconnected_at")
  private Instant disconnectedAt;

  /** For the persistence provider only. */
  protected ConnectionReportRow() {}

  /** The first connection of a client on a day. */
  public ConnectionReportRow(UUID id, ConnectionReports.Connected connection) {
    this.id = id.toString();
    this.userId = connection.userId();
    this.clientId = connection.clientId();
    connect(connection);
  }

  /** The client connects, perhaps again. */
  public void connect(ConnectionReports.Connected connection) {
    userAgent = connection.userAgent();
    sdk = connection.sdk();
    connectedAt = connection.connectedAt();
    tokenExpiresAt = connection.tokenExpiresAt().orElse(null);
    disconnectedAt = null;
  }

  /** The client is gone. */
  public void disconnect(Instant at) {
    disconnectedAt = at;
    tokenExpiresAt = null;
  }

  /** The record as it is at this moment. */
  public ConnectionReports.Entry entry() {
    return new ConnectionReports.Entry(
        id,
        userId,
        clientId,
        userAgent,
        sdk,
        connectedAt,
        Optional.ofNullable(tokenExpiresAt),
        Optional.ofNullable(disconnectedAt));
  }

  public String id() {
    return id;
  }

  public String userAgent() {
    return userAgent;
  }

  public String clientId() {
    return clientId;
  }

  public String userId() {
    return userId;
  }

  public String sdk() {
    return sdk;
  }

  public Optional<Instant> tokenExpiresAt() {
    return Optional.ofNullable(tokenExpiresAt);
  }

  public Instant connectedAt() {
    return connectedAt;
  }

  public Optional<Instant> disconnectedAt() {
    return Optional.ofNullable(disconnectedAt);
  }
}
