package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.powersync.jakarta.storage.BucketOperation.Kind;

/** One operation of a bucket; for looking only, operations are written in sets. */
@Entity
@IdClass(BucketOperationRow.Key.class)
@Table(name = "bucket_data", schema = "powersync")
public class BucketOperationRow {
  @Id
  @Column(name = "group_id")
  private int groupId;

  @Id
  @Column(name = "bucket_name")
  private String bucketName;

  @Id
  @Column(name = "op_id")
  private long opId;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  private Kind op;

  @Column(name = "source_table")
  private String sourceTable;

  @Column(name = "source_key")
  private byte[] sourceKey;

  @Column(name = "table_name")
  private String tableName;

  @Column(name = "row_id")
  private String rowId;

  @Column(nullable = false)
  private long checksum;

  private String data;

  @Column(name = "target_op")
  private Long targetOp;

  /** For the persistence provider only. */
  protected BucketOperationRow() {}

  public int groupId() {
    return groupId;
  }

  public String bucketName() {
    return bucketName;
  }

  public long opId() {
    return opId;
  }

  public Kind op() {
    return op;
  }

  public Optional<String> sourceTable() {
    return Optional.ofNullable(sourceTable);
  }

  public Optional<byte[]> sourceKey() {
    return Optional.ofNullable(sourceKey);
  }

  public Optional<String> tableName() {
    return Optional.ofNullable(tableName);
  }

  public Optional<String> rowId() {
    return Optional.ofNullable(rowId);
  }

  public long checksum() {
    return checksum;
  }

  public Optional<String> data() {
    return Optional.ofNullable(data);
  }

  public Optional<Long> targetOp() {
    return Optional.ofNullable(targetOp);
  }

  /** The primary key. */
  public static final class Key implements Serializable {
    private static final long serialVersionUID = 1L;

    private int groupId;
    private String bucketName;
    private long opId;

    /** For the persistence provider only. */
    public Key() {}

    public Key(int groupId, String bucketName, long opId) {
      this.groupId = groupId;
      this.bucketName = bucketName;
      this.opId = opId;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && groupId == that.groupId
          && Objects.equals(bucketName, that.bucketName)
          && opId == that.opId;
    }

    @Override
    public int hashCode() {
      return Objects.hash(groupId, bucketName, opId);
    }
  }
}
