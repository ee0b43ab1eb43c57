package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Where a source row is at present, and its copy; storage versions 1 and 2, for looking only. */
@Entity
@IdClass(CurrentDataRow.Key.class)
@Table(name = "current_data", schema = "powersync")
public class CurrentDataRow {
  @Id
  @Column(name = "group_id")
  private int groupId;

  @Id
  @Column(name = "source_table")
  private String sourceTable;

  @Id
  @Column(name = "source_key")
  private byte[] sourceKey;

  @Convert(converter = JsonbText.class)
  @Column(nullable = false)
  private String buckets;

  @Column(nullable = false)
  private byte[] data;

  @Convert(converter = ByteStrings.class)
  @Column(nullable = false)
  private List<byte[]> lookups;

  /** For the persistence provider only. */
  protected CurrentDataRow() {}

  public int groupId() {
    return groupId;
  }

  public String sourceTable() {
    return sourceTable;
  }

  public byte[] sourceKey() {
    return sourceKey;
  }

  public String buckets() {
    return buckets;
  }

  public byte[] data() {
    return data;
  }

  public List<byte[]> lookups() {
    return lookups;
  }

  /** The primary key. */
  public static final class Key implements Serializable {
    private static final long serialVersionUID = 1L;

    private int groupId;
    private String sourceTable;
    private byte[] sourceKey;

    /** For the persistence provider only. */
    public Key() {}

    public Key(int groupId, String sourceTable, byte[] sourceKey) {
      this.groupId = groupId;
      this.sourceTable = sourceTable;
      this.sourceKey = sourceKey;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && groupId == that.groupId
          && Objects.equals(sourceTable, that.sourceTable)
          && Arrays.equals(sourceKey, that.sourceKey);
    }

    @Override
    public int hashCode() {
      return Objects.hash(groupId, sourceTable, Arrays.hashCode(sourceKey));
    }
  }
}
