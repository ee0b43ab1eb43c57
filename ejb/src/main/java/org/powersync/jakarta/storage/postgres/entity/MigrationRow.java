package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;

/** The record of schema migrations; one row. Written by the migration scripts. */
@Entity
@Table(name = "migrations", schema = "powersync")
public class MigrationRow {
  @Id private int id;

  @Column(name = "last_run")
  private String lastRun;

  @Convert(converter = JsonbText.class)
  @Column(nullable = false)
  private String log;

  /** For the persistence provider only. */
  protected MigrationRow() {}

  public int id() {
    return id;
  }

  public Optional<String> lastRun() {
    return Optional.ofNullable(lastRun);
  }

  public String log() {
    return log;
  }
}
