package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The random id of this installation; one row. */
@Entity
@Table(name = "instance", schema = "powersync")
public class InstanceRow {
  @Id private String id;

  /** For the persistence provider only. */
  protected InstanceRow() {}

  public InstanceRow(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }
}
