package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;

/** The number that tells a user that replication passed a source position. */
@Entity
@Table(name = "write_checkpoints", schema = "powersync")
public class WriteCheckpointRow {
  @Id
  @Column(name = "user_id")
  private String userId;

  @Convert(converter = JsonbText.class)
  @Column(nullable = false)
  private String lsns;

  @Column(name = "write_checkpoint", nullable = false)
  private long writeCheckpoint;

  @Column(name = "checkpoint_requested_at")
  private Instant requestedAt;

  /** For the persistence provider only. */
  protected WriteCheckpointRow() {}

  public String userId() {
    return userId;
  }

  public String lsns() {
    return lsns;
  }

  public long writeCheckpoint() {
    return writeCheckpoint;
  }

  public Optional<Instant> requestedAt() {
    return Optional.ofNullable(requestedAt);
  }
}
