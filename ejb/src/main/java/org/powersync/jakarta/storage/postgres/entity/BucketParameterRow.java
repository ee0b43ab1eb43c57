package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What one source row contributes to one lookup; for looking only. */
@Entity
@Table(name = "bucket_parameters", schema = "powersync")
public class BucketParameterRow {
  @Id private long id;

  @Column(name = "group_id", nullable = false)
  private int groupId;

  @Column(name = "source_table", nullable = false)
  private String sourceTable;

  @Column(name = "source_key", nullable = false)
  private byte[] sourceKey;

  @Column(nullable = false)
  private byte[] lookup;

  @Column(name = "bucket_parameters", nullable = false)
  private String bucketParameters;

  /** For the persistence provider only. */
  protected BucketParameterRow() {}

  public long id() {
    return id;
  }

  public int groupId() {
    return groupId;
  }

  public String sourceTable() {
    return sourceTable;
  }

  public byte[] sourceKey() {
    return sourceKey;
  }

  public byte[] lookup() {
    return lookup;
  }

  public String bucketParameters() {
    return bucketParameters;
  }
}
