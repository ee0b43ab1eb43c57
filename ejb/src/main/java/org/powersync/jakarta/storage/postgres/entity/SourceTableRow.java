package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.SnapshotProgress;
import org.powersync.jakarta.storage.SourceDescriptor;

/** A replicated table of one stream, as its source described it. */
@Entity
@Table(name = "source_tables", schema = "powersync")
public class SourceTableRow {
  @Id private String id;

  @Column(name = "group_id", nullable = false)
  private int groupId;

  @Column(name = "connection_id", nullable = false)
  private int connectionId;

  @Convert(converter = JsonbText.class)
  @Column(name = "relation_id")
  private String relationId;

  @Column(name = "schema_name", nullable = false)
  private String schemaName;

  @Column(name = "table_name", nullable = false)
  private String tableName;

  @Convert(converter = JsonbText.class)
  @Column(name = "replica_id_columns")
  private String replicaIdColumns;

  @Column(name = "snapshot_done", nullable = false)
  private boolean snapshotDone;

  @Column(name = "snapshot_total_estimated_count")
  private Integer estimatedRows;

  @Column(name = "snapshot_replicated_count")
  private Integer copiedRows;

  @Column(name = "snapshot_last_key")
  private byte[] lastKey;

  @Convert(converter = JsonbText.class)
  @Column(name = "source_metadata")
  private String sourceMetadata;

  /** For the persistence provider only. */
  protected SourceTableRow() {}

  /** A table seen for the first time, with a new id. */
  public SourceTableRow(GroupId stream, SourceDescriptor source) {
    this.id = UUID.randomUUID().toString();
    this.groupId = stream.value();
    this.connectionId = source.connectionId();
    this.relationId = RelationJson.relationId(source.objectId());
    this.schemaName = source.table().schema();
    this.tableName = source.table().name();
    this.replicaIdColumns = RelationJson.columns(source.identity());
  }

  public String id() {
    return id;
  }

  public String schemaName() {
    return schemaName;
  }

  public String tableName() {
    return tableName;
  }

  public boolean snapshotDone() {
    return snapshotDone;
  }

  /** Empty when the source has none, or one that is not a number. */
  public OptionalLong objectId() {
    return RelationJson.objectId(relationId);
  }

  /** Identity columns in order. */
  public List<IdentityColumn> identity() {
    return RelationJson.columns(replicaIdColumns);
  }

  /** How far the first copy is; {@link SnapshotProgress#NONE} once it is done. */
  public SnapshotProgress progress() {
    if (snapshotDone) {
      return SnapshotProgress.NONE;
    }
    return new SnapshotProgress(
        estimatedRows == null ? -1 : estimatedRows,
        copiedRows == null ? 0 : copiedRows,
        Optional.ofNullable(lastKey));
  }

  /** Whether this record still describes the source's table: same name, object and identity. */
  public boolean describes(SourceDescriptor source) {
    return schemaName.equals(source.table().schema())
        && tableName.equals(source.table().name())
        && identity().equals(source.identity())
        && (source.objectId().isEmpty() || objectId().equals(source.objectId()));
  }
}
