package org.powersync.jakarta.storage.postgres.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.storage.StreamState;
import org.powersync.jakarta.storage.StreamStatus;

/** A replication stream: a deployed sync config, its state and its checkpoint. */
@Entity
@Table(name = "sync_rules", schema = "powersync")
public class StreamRow {
  @Id private int id;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  private StreamState state;

  @Column(name = "snapshot_done", nullable = false)
  private boolean snapshotDone;

  @Column(name = "last_checkpoint")
  private Long lastCheckpoint;

  @Column(name = "last_checkpoint_lsn")
  private String lastCheckpointLsn;

  @Column(name = "no_checkpoint_before")
  private String noCheckpointBefore;

  @Column(name = "slot_name")
  private String slotName;

  @Column(name = "last_checkpoint_ts")
  private Instant lastCheckpointTime;

  @Column(name = "last_keepalive_ts")
  private Instant lastKeepaliveTime;

  @Column(name = "keepalive_op")
  private Long keepaliveOp;

  @Column(name = "last_fatal_error")
  private String lastFatalError;

  @Column(nullable = false)
  private String content;

  @Column(name = "snapshot_lsn")
  private String snapshotLsn;

  @Column(name = "storage_version", nullable = false)
  private int storageVersion;

  @Convert(converter = JsonText.class)
  @Column(name = "sync_plan")
  private String syncPlan;

  /** For the persistence provider only. */
  protected StreamRow() {}

  /** A new stream, being built. */
  public StreamRow(
      GroupId id, String name, int storageVersion, String content, Optional<String> syncPlan) {
    this.id = id.value();
    this.state = StreamState.PROCESSING;
    this.slotName = name;
    this.storageVersion = storageVersion;
    this.content = content;
    this.syncPlan = syncPlan.orElse(null);
  }

  public GroupId id() {
    return new GroupId(id);
  }

  public StreamState state() {
    return state;
  }

  public boolean hasText(String text) {
    return content.equals(text);
  }

  /** Stops a stream that another one replaces. */
  public void stop() {
    state = StreamState.STOP;
  }

  /** Ends replication for good; the stream serves what it has. */
  public void fail() {
    state = StreamState.ERRORED;
  }

  /** Ends the stream after its cleanup. */
  public void terminate() {
    state = StreamState.TERMINATED;
    snapshotDone = false;
  }

  /** Forgets how far replication was, before everything replicated is deleted (section 9). */
  public void forgetProgress() {
    snapshotDone = false;
    lastCheckpoint = null;
    lastCheckpointLsn = null;
    noCheckpointBefore = null;
  }

  public void reportError(String message) {
    lastFatalError = message;
  }

  /** The stream as it is at this moment. */
  public ReplicationStream stream() {
    return new ReplicationStream(
        id(), slotName, state, storageVersion, content, Optional.ofNullable(syncPlan));
  }

  /** The status as it is at this moment. */
  public StreamStatus status() {
    Optional<Lsn> checkpointLsn = lsn(lastCheckpointLsn);
    return new StreamStatus(
        id(),
        state,
        snapshotDone,
        Optional.ofNullable(lastCheckpoint).map(OpId::new),
        checkpointLsn,
        Lsn.greatest(lsn(snapshotLsn), checkpointLsn),
        lsn(noCheckpointBefore),
        Optional.ofNullable(lastFatalError),
        Optional.ofNullable(lastKeepaliveTime),
        Optional.ofNullable(lastCheckpointTime));
  }

  private static Optional<Lsn> lsn(String text) {
    return Optional.ofNullable(text).map(Lsn::new);
  }
}
