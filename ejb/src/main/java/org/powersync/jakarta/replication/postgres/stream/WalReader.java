package org.powersync.jakarta.replication.postgres.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.powersync.jakarta.connection.IncomingData;
import org.powersync.jakarta.replication.postgres.pgoutput.PgLsn;
import org.powersync.jakarta.replication.postgres.server.ByteQueue;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Counters.Counter;

/**
 * Reads the replication stream into the queue and keeps the server informed, also while the queue
 * is full (replication sections 1.13 and 8.1). Runs on a thread of its own, the only one that
 * touches the driver's stream.
 *
 * <p>It waits at the socket, not in the driver: a blocking read there would answer the server's
 * question for a status only with the next message, and would hide keepalives, which carry
 * positions too.
 */
final class WalReader implements Runnable {
  /** For the driver, far above what we do: its timeout would break a message in the middle. */
  static final int DRIVER_STATUS_SECONDS = 360;

  private static final Logger LOG = Logger.getLogger(WalReader.class.getName());
  private static final long STATUS_NANOS = 10_000_000_000L;

  /**
   * Between two status messages while the server is silent. A poll does not see that the server
   * closed the connection; writing to it does.
   */
  private static final long QUIET_STATUS_NANOS = 1_000_000_000L;

  private static final long ROOM_MILLIS = 2_000;

  /** Positions that come with keepalives only are passed on this often. */
  private static final long QUIET_POSITION_NANOS = 2_000_000_000L;

  /** How long it takes at most to see that it should end, or that a status is due. */
  private static final Duration WAIT = Duration.ofMillis(50);

  private static final String SERVER_SHUTS_DOWN = "57P01";
  private static final String CONNECTION_FAILURE = "08006";

  private final PGReplicationStream stream;
  private final IncomingData incoming;
  private final WalQueue queue;
  private final Counters counters;
  private volatile PgLsn acknowledged = PgLsn.ZERO;
  private volatile boolean ending;
  private volatile boolean waitingForRoom;
  private volatile long lastReceivedAt = System.nanoTime();
  private volatile PgLsn received = PgLsn.ZERO;
  private PgLsn reported = PgLsn.ZERO;
  private PgLsn passedOn = PgLsn.ZERO;
  private long passedOnAt;
  private long statusAt = System.nanoTime();

  /**
   * @param incoming of the stream's connection
   */
  WalReader(PGReplicationStream stream, IncomingData incoming, WalQueue queue, Counters counters) {
    this.stream = stream;
    this.incoming = incoming;
    this.queue = queue;
    this.counters = counters;
  }

  @Override
  public void run() {
    try {
      while (!ending) {
        readWhatIsThere();
        sendStatusWhenDue();
        awaitMore();
      }
      reportAcknowledged();
      stream.forceUpdateStatus();
      stream.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (Throwable e) {
      // Errors, too, such as a message that does not fit into memory: the applier waits for us.
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    if (ending) {
      LOG.log(Level.FINE, "The replication stream ended", cause);
    } else {
      queue.fail(cause);
    }
  }

  /** Passes on all messages that have arrived, then the position reached. */
  private void readWhatIsThere() throws SQLException, InterruptedException {
    boolean any = false;
    ByteBuffer message = stream.readPending();
    while (message != null && !ending) {
      any = true;
      lastReceivedAt = System.nanoTime();
      sampleReceived();
      counters.add(Counter.DATA_REPLICATED_BYTES, message.remaining());
      put(new WalEvent.Message(message));
      sendStatusWhenDue();
      message = stream.readPending();
    }
    if (!any && stream.isClosed()) {
      // A server that shuts down ends the stream in an orderly way, which the driver does not say.
      throw new SQLException("The server ended the replication stream", SERVER_SHUTS_DOWN);
    }
    sampleReceived();
    long now = System.nanoTime();
    boolean moved = received.isAfter(passedOn) && now - passedOnAt > QUIET_POSITION_NANOS;
    if (any || moved) {
      passedOn = received;
      passedOnAt = now;
      put(new WalEvent.Drained(received));
    }
  }

  private void awaitMore() throws SQLException {
    try {
      incoming.await(WAIT);
    } catch (IOException e) {
      throw new SQLException("The connection to the source broke", CONNECTION_FAILURE, e);
    }
  }

  /** The driver's own value goes back to zero after a description of a table. */
  private void sampleReceived() {
    PgLsn last = new PgLsn(stream.getLastReceiveLSN().asLong());
    if (last.isAfter(received)) {
      received = last;
      lastReceivedAt = System.nanoTime();
    }
  }

  private void sendStatusWhenDue() throws SQLException {
    reportAcknowledged();
    long now = System.nanoTime();
    boolean quiet = now - lastReceivedAt > QUIET_STATUS_NANOS;
    if (now - statusAt > (quiet ? QUIET_STATUS_NANOS : STATUS_NANOS)) {
      statusAt = now;
      stream.forceUpdateStatus();
    }
  }

  /** From here on the driver's status messages carry the position, also answers to the server. */
  private void reportAcknowledged() {
    PgLsn position = acknowledged;
    if (position.isAfter(reported)) {
      reported = position;
      LogSequenceNumber lsn = LogSequenceNumber.valueOf(position.value());
      stream.setAppliedLSN(lsn);
      stream.setFlushedLSN(lsn);
    }
  }

  private void put(WalEvent event) throws InterruptedException, SQLException {
    ByteQueue.Offer offer = queue.offer(event, ROOM_MILLIS);
    while (offer == ByteQueue.Offer.FULL && !ending) {
      waitingForRoom = true;
      reportAcknowledged();
      statusAt = System.nanoTime();
      stream.forceUpdateStatus();
      offer = queue.offer(event, ROOM_MILLIS);
    }
    if (waitingForRoom) {
      lastReceivedAt = System.nanoTime();
      waitingForRoom = false;
    }
    if (offer == ByteQueue.Offer.CLOSED) {
      ending = true;
    }
  }

  /** Takes effect with the next status message, at most 10 s later; from any thread. */
  void acknowledge(PgLsn position) {
    acknowledged = position;
  }

  /** Ends after the message that is being read; then sends a last status and closes the stream. */
  void end() {
    ending = true;
  }

  /** How long the server has sent nothing new although we listened. */
  long silentNanos() {
    return waitingForRoom ? 0 : System.nanoTime() - lastReceivedAt;
  }

  /** The last position received. */
  PgLsn received() {
    return received;
  }
}
