package org.powersync.jakarta.replication;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.ReplicationStatus.Phase;
import org.powersync.jakarta.replication.ReplicationStatus.Problem;
import org.powersync.jakarta.replication.ReplicationStatus.Table;
import org.powersync.jakarta.storage.Lsn;
import org.powersync.jakarta.storage.ReplicationStream;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * Where a stream's replication stands; jobs write it, status pages and health read it. Lives as
 * long as the stream is known to this process. Safe for all threads.
 */
public final class StreamProgress {
  private final int id;
  private final String name;
  private final InstantSource clock;
  private final ReplicationLag lag;
  private final Map<TableName, Table> tables = new LinkedHashMap<>();
  private final Map<TableName, CopyRate> rates = new HashMap<>();

  private Phase phase = Phase.STOPPED;
  private String detail = "";
  private Instant phaseSince;
  private Instant nextTry;
  private Lsn confirmed;
  private Instant confirmedAt;
  private Lsn received;
  private OptionalLong lagBytes = OptionalLong.empty();
  private long rows;
  private Problem lastFailure;

  public StreamProgress(ReplicationStream stream, InstantSource clock) {
    this.id = stream.id().value();
    this.name = stream.name();
    this.clock = clock;
    this.lag = new ReplicationLag(clock);
    this.phaseSince = clock.instant();
  }

  /** The stream's lag in time. */
  public ReplicationLag lag() {
    return lag;
  }

  public synchronized void enter(Phase next, String why) {
    if (next != phase) {
      phaseSince = clock.instant();
    }
    phase = next;
    detail = why;
    nextTry = null;
  }

  public synchronized void backOff(Instant until, String why) {
    enter(Phase.BACKING_OFF, why);
    nextTry = until;
  }

  /** How far the copy of a table is. */
  public synchronized void table(TableName table, long estimated, long copied, boolean done) {
    long now = clock.millis();
    CopyRate rate = rates.computeIfAbsent(table, name -> new CopyRate());
    rate.sample(now, copied);
    if (done) {
      rates.remove(table);
    }
    tables.put(
        table,
        new Table(
            table.schema(),
            table.name(),
            estimated,
            copied,
            done,
            done ? OptionalDouble.empty() : rate.perSecond(now)));
  }

  /** Tables are listed anew by each attempt. */
  public synchronized void forgetTables() {
    tables.clear();
    rates.clear();
  }

  public synchronized void forgetTable(TableName table) {
    tables.remove(table);
    rates.remove(table);
  }

  public synchronized void addRows(long count) {
    rows += count;
  }

  /** The position was acknowledged, or is still the newest there is. */
  public synchronized void confirm(Lsn position) {
    confirmed = position;
    confirmedAt = clock.instant();
    lastFailure = null;
  }

  /**
   * @param bytesBehind between this position and the confirmed one
   */
  public synchronized void receive(Lsn position, OptionalLong bytesBehind) {
    received = position;
    lagBytes = bytesBehind;
  }

  public synchronized void fail(Throwable failure) {
    lastFailure = problem(failure, clock.instant());
  }

  /**
   * The attempt has failed and the next one is at this time; nobody sees the one without the other.
   */
  public synchronized void fail(Throwable failure, Instant nextTry) {
    fail(failure);
    backOff(nextTry, "the last attempt failed");
  }

  static Problem problem(Throwable failure, Instant at) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return failure instanceof PowerSyncException coded
        ? new Problem(Optional.of(coded.code().name()), message, at)
        : new Problem(Optional.empty(), message, at);
  }

  /** The state at this moment. */
  public synchronized ReplicationStatus.Stream status() {
    return new ReplicationStatus.Stream(
        id,
        name,
        phase,
        detail,
        phaseSince,
        Optional.ofNullable(nextTry),
        Optional.ofNullable(confirmed),
        Optional.ofNullable(confirmedAt),
        Optional.ofNullable(received),
        lag.seconds(),
        lagBytes,
        rows,
        List.copyOf(tables.values()),
        Optional.ofNullable(lastFailure));
  }
}
