package org.powersync.jakarta.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Counters.Counter;
import org.powersync.jakarta.telemetry.Timing;

/**
 * The lines of one stream on their way out, with the token's clock in between: a due {@code
 * token_expires_in} goes before any other line. One thread, except {@link #stop}.
 */
final class StreamOutput {
  private final LineEncoder encoder;
  private final LineSink sink;
  private final TokenClock clock;
  private final Counters counters;
  private final StreamJournal journal;
  private final SentOperations sent = new SentOperations();
  private boolean unflushed;
  private final long openedNanos = System.nanoTime();
  private boolean announced;
  private volatile StreamEnd stopped;
  private volatile boolean probed;
  private volatile long operations;
  private volatile OpId completed;

  StreamOutput(
      LineEncoder encoder,
      LineSink sink,
      TokenClock clock,
      Counters counters,
      StreamJournal journal) {
    this.encoder = encoder;
    this.sink = sink;
    this.clock = clock;
    this.counters = counters;
    this.journal = journal;
  }

  /** Sends a line, after what the clock has to say. */
  void send(Line line) throws IOException, InterruptedException, StreamEnded {
    tick();
    write(line);
  }

  /** Sends the line of a checkpoint and notes how long that took. */
  void announce(Announcement announcement) throws IOException, InterruptedException, StreamEnded {
    send(announcement.line());
    if (announced) {
      counters.time(Timing.CHECKPOINT_TO_LINE, announcement.clock().totalNanos());
      announcement
          .position()
          .flatMap(position -> counters.commitTimes().of(position.value()))
          .ifPresent(committed -> counters.timeSince(Timing.COMMIT_TO_LINE, committed));
    } else {
      counters.time(Timing.FIRST_LINE, System.nanoTime() - openedNanos);
      announced = true;
    }
    if (journal.detailed()) {
      journal.announced(note(announcement));
    }
  }

  private static StreamJournal.CheckpointNote note(Announcement announcement) {
    return new StreamJournal.CheckpointNote(
        announcement.checkpoint(),
        announcement.writeCheckpoint(),
        announcement.buckets().size(),
        announcement.parameterRows(),
        announcement.line() instanceof Line.Checkpoint,
        some(announcement.changed()),
        some(announcement.removed()));
  }

  private static List<BucketName> some(Collection<BucketName> buckets) {
    return buckets.stream().limit(StreamJournal.MAX_BUCKETS).toList();
  }

  /** What was sent so far; the stream's thread only. */
  SentOperations sent() {
    return sent;
  }

  StreamJournal journal() {
    return journal;
  }

  void count(Counter counter) {
    counters.add(counter, 1);
  }

  /** Tells what the clock has to tell; ends the stream when the token is over or on request. */
  void tick() throws IOException, InterruptedException, StreamEnded {
    if (stopped != null) {
      flush();
      throw new StreamEnded(stopped);
    }
    if (probed) {
      probed = false;
      clock.bringForward();
    }
    OptionalLong seconds = clock.tell();
    if (seconds.isPresent()) {
      write(new Line.TokenExpiresIn(seconds.getAsLong()));
      if (seconds.getAsLong() == 0) {
        flush();
        throw new StreamEnded(StreamEnd.TOKEN_EXPIRED);
      }
    }
  }

  /** How long nothing is due. */
  Duration untilDue() {
    return clock.untilDue();
  }

  /** Lets no line wait for a later one; called before every wait. */
  void flush() throws IOException {
    if (unflushed) {
      sink.flush();
      unflushed = false;
    }
  }

  /** Ends the stream at the next line boundary. Any thread. */
  void stop(StreamEnd reason) {
    stopped = reason;
  }

  /** Says something at once, to find out whether anybody listens. Any thread. */
  void probe() {
    probed = true;
  }

  /** Operations sent so far. Any thread. */
  long operations() {
    return operations;
  }

  /** The last checkpoint that was sent completely. Any thread. */
  Optional<OpId> completed() {
    return Optional.ofNullable(completed);
  }

  private void write(Line line) throws IOException, InterruptedException {
    ByteBuffer bytes = line instanceof Line.Data data ? data.encode(encoder) : encoder.encode(line);
    int length = bytes.remaining();
    counters.add(Counter.DATA_SYNCED_BYTES, length);
    if (line instanceof Line.Data data) {
      counters.add(Counter.OPERATIONS_SYNCED, data.chunk().operations().size());
    }
    sink.write(bytes);
    unflushed = true;
    sent.add(line, length);
    note(line);
  }

  private void note(Line line) {
    if (line instanceof Line.Data) {
      operations = sent.operations();
    } else if (line instanceof Line.CheckpointComplete complete) {
      completed = complete.lastOpId();
    }
  }
}
