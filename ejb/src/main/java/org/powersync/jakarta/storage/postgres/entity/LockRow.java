package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A lock and who holds it until when. */
@Entity
@Table(name = "locks", schema = "powersync")
public class LockRow {
  @Id private String name;

  @Convert(converter = UuidColumn.class)
  @Column(name = "lock_id", nullable = false)
  private UUID lockId;

  @Column(name = "ts", nullable = false)
  private Instant renewedAt;

  /** For the persistence provider only. */
  protected LockRow() {}

  public String name() {
    return name;
  }

  public UUID lockId() {
    return lockId;
  }

  public Instant renewedAt() {
    return renewedAt;
  }
}
