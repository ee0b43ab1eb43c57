package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** A number that the source itself supplied for a user of one stream. */
@Entity
@IdClass(CustomWriteCheckpointRow.Key.class)
@Table(name = "custom_write_checkpoints", schema = "powersync")
public class CustomWriteCheckpointRow {
  @Id
  @Column(name = "user_id")
  private String userId;

  @Column(name = "write_checkpoint", nullable = false)
  private long writeCheckpoint;

  @Id
  @Column(name = "sync_rules_id")
  private int streamId;

  @Column(name = "checkpoint_requested_at")
  private Instant requestedAt;

  /** For the persistence provider only. */
  protected CustomWriteCheckpointRow() {}

  public String userId() {
    return userId;
  }

  public long writeCheckpoint() {
    return writeCheckpoint;
  }

  public int streamId() {
    return streamId;
  }

  public Optional<Instant> requestedAt() {
    return Optional.ofNullable(requestedAt);
  }

  /** The primary key. */
  public static final class Key implements Serializable {
    private static final long serialVersionUID = 1L;

    private String userId;
    private int streamId;

    /** For the persistence provider only. */
    public Key() {}

    public Key(String userId, int streamId) {
      this.userId = userId;
      this.streamId = streamId;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && Objects.equals(userId, that.userId)
          && streamId == that.streamId;
    }

    @Override
    public int hashCode() {
      return Objects.hash(userId, streamId);
    }
  }
}
