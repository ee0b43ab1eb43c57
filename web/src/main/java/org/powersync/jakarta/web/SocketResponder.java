package org.powersync.jakarta.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.LineSink;
import org.powersync.jakarta.sync.StreamEnd;
import org.powersync.jakarta.sync.StreamRequest;
import org.powersync.jakarta.sync.SyncStream;
import org.powersync.jakarta.sync.SyncStreams;
import org.powersync.jakarta.sync.bson.BsonEncoder;
import org.powersync.jakarta.sync.rsocket.OutgoingStream;
import org.powersync.jakarta.sync.rsocket.Payload;
import org.powersync.jakarta.sync.rsocket.Responder;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Counters.Counter;

/** Answers the requests of one RSocket client with sync streams, always in BSON. */
final class SocketResponder implements Responder {
  private static final Logger LOG = Logger.getLogger(SocketResponder.class.getName());

  private final SocketSession session;
  private final SyncStreams streams;
  private final StreamThreads threads;
  private final Counters counters;

  SocketResponder(
      SocketSession session, SyncStreams streams, StreamThreads threads, Counters counters) {
    this.session = session;
    this.streams = streams;
    this.threads = threads;
    this.counters = counters;
  }

  @Override
  public void requestStream(Payload request, OutgoingStream answer) {
    threads.startStream(() -> run(request, answer));
  }

  private void run(Payload payload, OutgoingStream answer) {
    try {
      StreamRequest request = StreamRequest.of(session.request(payload.metadata(), payload.data()));
      SyncStream stream = streams.open(session.caller(), request, session.userAgent());
      StreamLog log = StreamLog.ofSocket(session, request);
      Sink sink = new Sink(answer);
      try {
        log.started();
        answer.onCancel(() -> stream.stop(StreamEnd.CANCELLED));
        StreamEnd end = stream.run(new BsonEncoder(), sink, false, log);
        if (answer.cancelled()) {
          log.clientGone(stream.totals(), sink.sent);
        } else {
          log.ended(end, stream.totals(), sink.sent);
          finish(answer, end);
        }
      } catch (IOException e) {
        log.clientGone(stream.totals(), sink.sent);
      } catch (RuntimeException | Error e) {
        log.failed(e, stream.totals(), sink.sent);
        answer.fail(inStream(e));
      } finally {
        streams.closed(stream);
      }
    } catch (RuntimeException e) {
      fail(answer, ErrorAnswer.of(e).text());
    } catch (IOException | InterruptedException e) {
      LOG.log(Level.FINE, "The client was gone before it was told", e);
    }
  }

  private static void finish(OutgoingStream answer, StreamEnd end) throws IOException {
    if (end == StreamEnd.TOKEN_EXPIRED) {
      // A client may lose the line before COMPLETE, and would return with the same token (A24).
      answer.fail(ErrorAnswer.of(expired()).text());
    } else {
      answer.complete();
    }
  }

  private static void fail(OutgoingStream answer, String text) {
    try {
      answer.fail(text);
    } catch (IOException e) {
      LOG.log(Level.FINE, "The client was gone before it was told", e);
    }
  }

  /** Clients look for the code at the beginning; the stream's own follows. */
  private static String inStream(Throwable failure) {
    String text = ErrorAnswer.of(failure).text();
    if (failure instanceof PowerSyncException known && known.code() == ErrorCode.PSYNC_S2103) {
      return text;
    }
    String general = "[" + ErrorCode.PSYNC_S2001 + "] ";
    return text.startsWith(general) ? text : general + "The stream failed\n" + text;
  }

  private static PowerSyncException expired() {
    return new PowerSyncException(ErrorCode.PSYNC_S2103, "The token has expired");
  }

  /** Lines as items of the stream, each as soon as the client wants one. */
  private final class Sink implements LineSink {
    private final OutgoingStream answer;
    private long sent;

    private Sink(OutgoingStream answer) {
      this.answer = answer;
    }

    @Override
    public void write(ByteBuffer line) throws IOException, InterruptedException {
      int bytes = line.remaining();
      Duration left = Duration.between(Instant.now(), session.caller().expires());
      // The last line of a token is due when no time is left; it goes out if the client wants it.
      if (!answer.send(line, left.isNegative() ? Duration.ZERO : left)) {
        throw expired();
      }
      sent += bytes;
      counters.add(Counter.DATA_SENT_BYTES, bytes);
    }

    @Override
    public void flush() {
      // Every line is a message of its own.
    }
  }
}
