package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;

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
