package org.powersync.jakarta.sync;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.powersync.jakarta.storage.BucketReader;
import org.powersync.jakarta.syncconfig.DefinitionInfo;
import org.powersync.jakarta.syncconfig.RequestEvaluation;
import org.powersync.jakarta.telemetry.Counters;

/**
 * One client's sync stream, from the first checkpoint to the end (sync API section 3). Run once, on
 * a thread of its own; {@link #stop} from any.
 */
public final class SyncStream {

  /** What all streams of a process share. */
  public record Shared(
      DataSlots slots,
      Executor background,
      InstantSource time,
      RandomGenerator random,
      Counters counters) {}

  /**
   * The sync config and storage a stream keeps until its end.
   *
   * @param checkpoints gives a full user id its place to learn of checkpoints
   */
  record Source(
      List<DefinitionInfo> definitions,
      RequestEvaluation evaluation,
      BucketReader reader,
      SharedReads reads,
      Function<String, CheckpointWatch> checkpoints) {}

  private final Shared shared;
  private final Source source;
  private final StreamCaller caller;
  private final StreamRequest request;
  private final StreamLimits limits;
  private final Instant since;
  private volatile StreamOutput output;
  private volatile CheckpointWatch watch;
  private volatile StreamEnd stopped;

  SyncStream(
      Shared shared,
      Source source,
      StreamCaller caller,
      StreamRequest request,
      StreamLimits limits) {
    this.shared = shared;
    this.source = source;
    this.caller = caller;
    this.request = request;
    this.limits = limits;
    this.since = shared.time().instant();
  }

  /** How it stands now. Any thread. */
  OpenStream view(String userAgent) {
    StreamOutput sent = output;
    return new OpenStream(
        caller.userId(),
        request.clientId(),
        userAgent,
        since,
        sent == null ? 0 : sent.operations(),
        sent == null ? Optional.empty() : sent.completed());
  }

  /**
   * Sends lines until the stream ends regularly, and says why it did. Throws {@link IOException}
   * when the client is gone, {@link org.powersync.jakarta.error.PowerSyncException} and other
   * runtime exceptions when it fails; then at most some of its lines were sent.
   *
   * @param keepalive whether the transport needs a line every 18 to 22 s
   * @param journal hears what is sent
   */
  public StreamEnd run(LineEncoder encoder, LineSink sink, boolean keepalive, StreamJournal journal)
      throws IOException, InterruptedException {
    TokenClock clock = new TokenClock(shared.time(), caller.expires(), keepalive, shared.random());
    output = new StreamOutput(encoder, sink, clock, shared.counters(), journal);
    String user = caller.fullUserId(request.clientId());
    try (CheckpointWatch watched = source.checkpoints().apply(user)) {
      watch = watched;
      StreamEnd reason = stopped;
      if (reason != null) {
        output.stop(reason);
      }
      return drive(watched);
    } catch (StreamEnded end) {
      return end.reason();
    }
  }

  /** Ends the stream at its next line boundary; {@link #run} then returns the reason. */
  public void stop(StreamEnd reason) {
    stopped = reason;
    CheckpointWatch watched = watch;
    if (watched != null) {
      output.stop(reason);
      watched.wakeUp();
    }
  }

  /** Sends a line at once, so that a client that is gone is noticed. Any thread. */
  void probe() {
    CheckpointWatch watched = watch;
    if (watched != null) {
      output.probe();
      watched.wakeUp();
    }
  }

  /** What was sent; for the thread that ran the stream. */
  public StreamTotals totals() {
    return output == null ? StreamTotals.NONE : output.sent().totals();
  }

  private StreamEnd drive(CheckpointWatch watched)
      throws IOException, InterruptedException, StreamEnded {
    output.tick();
    ClientState client = new ClientState(request.positions());
    CheckpointFeed feed =
        new CheckpointFeed(
            watched, builder(watched), shared.background(), shared.time(), client, output);
    while (true) {
      Optional<Announcement> announcement = Optional.of(feed.next());
      while (announcement.isPresent()) {
        announcement =
            new CheckpointDelivery(source.reads(), client, feed, output, announcement.get()).run();
      }
      feed.delivered();
    }
  }

  private AnnouncementBuilder builder(CheckpointWatch watched) {
    RequestedBuckets requested =
        new RequestedBuckets(request, source.definitions(), source.evaluation(), limits);
    return new AnnouncementBuilder(requested, source.reader(), watched, output.journal());
  }
}
