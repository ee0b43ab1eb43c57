package org.powersync.jakarta.sync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketPosition;
import org.powersync.jakarta.sync.StreamJournal.Outcome;
import org.powersync.jakarta.sync.StreamJournal.Phase;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.telemetry.Counters.Counter;

/**
 * Sends one announced checkpoint: its line, the data in groups of priority, the completions (sync
 * API sections 3.9, 3.11, 3.12). Reads one batch ahead of what the client takes. One thread; used
 * once.
 */
final class CheckpointDelivery {
  private static final Logger LOG = Logger.getLogger(CheckpointDelivery.class.getName());

  /** Operations of a checkpoint after which a newer one may supersede it. */
  private static final int UNINTERRUPTED_OPERATIONS = 1000;

  /** No batch is read ahead while a larger one is being written: bounds memory of slow clients. */
  private static final long READ_AHEAD_MAX_BYTES = 4L << 20;

  private final SharedReads reads;
  private final ClientState client;
  private final CheckpointFeed feed;
  private final StreamOutput output;
  private final Announcement announcement;
  private int operations;
  private long notedOperations;
  private long notedBytes;
  private boolean invalidated;

  /** What supersedes this checkpoint once the line at hand was sent. */
  private Optional<Announcement> held = Optional.empty();

  CheckpointDelivery(
      SharedReads reads,
      ClientState client,
      CheckpointFeed feed,
      StreamOutput output,
      Announcement announcement) {
    this.reads = reads;
    this.client = client;
    this.feed = feed;
    this.output = output;
    this.announcement = announcement;
    this.notedOperations = output.sent().operations();
    this.notedBytes = output.sent().bytes();
  }

  /** Delivers; returns the announcement that supersedes this one, to be sent at once. */
  Optional<Announcement> run() throws IOException, InterruptedException, StreamEnded {
    try {
      Optional<Announcement> superseding = deliver();
      if (superseding.isPresent()) {
        output.count(Counter.CHECKPOINTS_SUPERSEDED);
        note(Outcome.CHECKPOINT_SUPERSEDED);
      } else if (invalidated) {
        output.count(Counter.CHECKPOINTS_INVALIDATED);
        note(Outcome.COMPACTED);
      }
      return superseding;
    } catch (IOException | InterruptedException | StreamEnded e) {
      note(Outcome.CHECKPOINT_CANCELLED);
      throw e;
    } catch (RuntimeException e) {
      note(Outcome.CHECKPOINT_ERROR);
      throw e;
    }
  }

  private void note(Outcome outcome) {
    note(outcome, OptionalInt.empty());
  }

  /** Tells the journal what came of the checkpoint since it was last told. */
  private void note(Outcome outcome, OptionalInt priority) {
    if (output.journal().detailed()) {
      SentOperations sent = output.sent();
      output
          .journal()
          .delivered(
              announcement
                  .clock()
                  .note(
                      announcement.checkpoint(),
                      outcome,
                      priority,
                      sent.operations() - notedOperations,
                      sent.bytes() - notedBytes));
      notedOperations = sent.operations();
      notedBytes = sent.bytes();
    }
  }

  private Optional<Announcement> deliver() throws IOException, InterruptedException, StreamEnded {
    long start = System.nanoTime();
    output.announce(announcement);
    announcement.clock().addSince(Phase.SENDING, start);
    client.announced(announcement);
    Iterator<Map.Entry<Integer, List<BucketName>>> groups =
        client.pendingGroups().entrySet().iterator();
    while (groups.hasNext()) {
      Map.Entry<Integer, List<BucketName>> group = groups.next();
      Optional<Announcement> superseding = superseding();
      if (superseding.isEmpty()) {
        superseding = sendData(client.toRead(group.getValue()));
      }
      if (superseding.isPresent()) {
        return superseding;
      }
      complete(group.getValue());
      if (invalidated) {
        return Optional.empty();
      }
      if (groups.hasNext()) {
        int priority = group.getKey();
        output.send(new Line.PartialCheckpointComplete(announcement.checkpoint(), priority));
        note(Outcome.PARTIAL, OptionalInt.of(priority));
      } else {
        output.send(new Line.CheckpointComplete(announcement.checkpoint()));
        note(Outcome.COMPLETE);
      }
    }
    return Optional.empty();
  }

  private Optional<Announcement> sendData(List<BucketPosition> positions)
      throws IOException, InterruptedException, StreamEnded {
    List<BucketPosition> wanted = positions;
    BatchRead read = null;
    while (!wanted.isEmpty()) {
      if (read == null) {
        read = read(wanted);
      }
      Optional<Announcement> superseding = await(read);
      if (superseding.isPresent()) {
        return superseding;
      }
      List<Line.Data> batch = CheckpointFeed.result(read.result());
      wanted = unfinished(wanted, batch);
      boolean ahead = !wanted.isEmpty() && bytesOf(batch) <= READ_AHEAD_MAX_BYTES;
      read = ahead ? read(wanted) : null;
      superseding = send(batch);
      if (superseding.isPresent()) {
        if (read != null) {
          read.withdraw();
        }
        return superseding;
      }
    }
    // The last batch may have come without a line, after which this would have been looked at.
    return held;
  }

  private BatchRead read(List<BucketPosition> positions) {
    boolean following = announcement.line() instanceof Line.CheckpointDiff;
    BatchRead read = reads.read(announcement.checkpoint(), positions, following);
    feed.wakeUpAfter(read.result());
    return read;
  }

  /** Waits for a batch; being superseded ends it only while the batch waits for a slot. */
  private Optional<Announcement> await(BatchRead read)
      throws IOException, InterruptedException, StreamEnded {
    long start = System.nanoTime();
    try {
      while (!read.result().isDone()) {
        held = superseding();
        if (held.isPresent() && read.withdraw()) {
          return held;
        }
        feed.await(read.result());
      }
    } catch (IOException | StreamEnded | InterruptedException | RuntimeException e) {
      read.withdraw();
      throw e;
    }
    long waited = System.nanoTime() - start;
    long forSlot = Math.min(waited, Math.max(0, read.begunNanos() - start));
    announcement.clock().add(Phase.SLOT, forSlot);
    announcement.clock().add(Phase.READING, waited - forSlot);
    return Optional.empty();
  }

  private Optional<Announcement> send(List<Line.Data> batch)
      throws IOException, InterruptedException, StreamEnded {
    for (Line.Data line : batch) {
      BucketChunk chunk = line.chunk();
      long start = System.nanoTime();
      output.send(line);
      announcement.clock().addSince(Phase.SENDING, start);
      client.advanced(chunk);
      if (!chunk.hasMore()) {
        complete(List.of(chunk.bucket()));
      }
      operations += chunk.operations().size();
      invalidated |= chunk.targetOp().orElse(0) > announcement.checkpoint().value();
      Optional<Announcement> superseding = superseding();
      if (superseding.isPresent()) {
        return superseding;
      }
    }
    return Optional.empty();
  }

  private void complete(List<BucketName> buckets) {
    List<BucketName> wrong = client.completed(buckets);
    if (!wrong.isEmpty()) {
      // The client would find its checksum wrong and fetch the bucket anew.
      invalidated = true;
      LOG.log(
          Level.WARNING,
          "Checkpoint {0} is not completed: the operations sent of {1} do not add up to its"
              + " checksum. This passes with the next checkpoint if compaction is at work;"
              + " otherwise compare the bucket''s checksum with its rows in storage",
          new Object[] {announcement.checkpoint(), wrong});
    }
  }

  private Optional<Announcement> superseding() throws InterruptedException {
    if (held.isPresent()) {
      return held;
    }
    return operations < UNINTERRUPTED_OPERATIONS ? Optional.empty() : feed.poll();
  }

  /** What to read after a batch: nothing more once no bucket has more. */
  private static List<BucketPosition> unfinished(
      List<BucketPosition> wanted, List<Line.Data> batch) {
    Map<BucketName, BucketChunk> lastChunks = new LinkedHashMap<>();
    for (Line.Data line : batch) {
      lastChunks.put(line.chunk().bucket(), line.chunk());
    }
    if (lastChunks.values().stream().noneMatch(BucketChunk::hasMore)) {
      return List.of();
    }
    List<BucketPosition> unfinished = new ArrayList<>();
    for (BucketPosition position : wanted) {
      BucketChunk chunk = lastChunks.get(position.bucket());
      if (chunk == null) {
        unfinished.add(position);
      } else if (chunk.hasMore()) {
        unfinished.add(new BucketPosition(position.bucket(), chunk.nextAfter()));
      }
    }
    return unfinished;
  }

  private static long bytesOf(Collection<Line.Data> batch) {
    return batch.stream().mapToLong(Line.Data::bytes).sum();
  }
}
