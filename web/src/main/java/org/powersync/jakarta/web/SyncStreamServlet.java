package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.powersync.jakarta.sync.LineEncoder;
import org.powersync.jakarta.sync.StreamCaller;
import org.powersync.jakarta.sync.StreamEnd;
import org.powersync.jakarta.sync.StreamRequest;
import org.powersync.jakarta.sync.StreamTotals;
import org.powersync.jakarta.sync.SyncStream;
import org.powersync.jakarta.sync.bson.BsonEncoder;
import org.powersync.jakarta.sync.ndjson.NdjsonEncoder;
import org.powersync.jakarta.telemetry.Counters;

/** {@code POST /sync/stream}: a sync stream as an answer that goes on (sync API section 3). */
@WebServlet(urlPatterns = "/sync/stream", asyncSupported = true)
public class SyncStreamServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient SyncComponents sync;
  @Inject private transient UserTokens tokens;
  @Inject private transient Counters counters;
  @Inject private transient ApiOptions options;

  public SyncStreamServlet() {
    super(POST);
  }

  @Override
  boolean needsStorage() {
    return true;
  }

  @Override
  boolean offered() {
    return options.servesApi();
  }

  /** A client with very many buckets names all of them. */
  @Override
  int maxBody() {
    return options.maxStreamRequestSize();
  }

  @Override
  Admission admission() {
    return sync.streamAdmission();
  }

  /** Places may be held by clients that are gone, which only a line sent to them shows. */
  @Override
  Optional<Admission.Place> enterLate(Admission admission) throws InterruptedException {
    return sync.gonePlaces().enter(admission);
  }

  @Override
  void handle(Exchange exchange) {
    StreamRequest request = StreamRequest.of(exchange.parameters());
    String authorization = exchange.request().getHeader("Authorization");
    LineEncoder encoder = encoder(header(exchange, "Accept"), request);
    String coding =
        AcceptEncoding.choose(header(exchange, "Accept-Encoding"), BodyCoding.available());
    StreamBody body = new StreamBody(exchange.response(), encoder.contentType(), coding, counters);
    String agent = userAgent(exchange);
    exchange.decoded();
    caller(exchange, authorization)
        .ifPresent(
            caller ->
                run(
                    exchange,
                    () -> sync.streams().open(caller, request, agent),
                    encoder,
                    body,
                    StreamLog.ofHttp(
                        exchange.id(),
                        agent,
                        caller,
                        request,
                        encoder instanceof BsonEncoder,
                        coding)));
  }

  /** Who calls; empty when that was refused. */
  private Optional<StreamCaller> caller(Exchange exchange, String authorization) {
    try {
      return Optional.of(tokens.verify(authorization));
    } catch (RuntimeException | Error e) {
      exchange.fail(e);
      return Optional.empty();
    }
  }

  private static LineEncoder encoder(String accept, StreamRequest request) {
    return AcceptFormat.choose(accept).equals(BsonEncoder.CONTENT_TYPE)
        ? new BsonEncoder()
        : new NdjsonEncoder(request.rawData());
  }

  /** Browsers do not let scripts set the standard header. */
  private static String userAgent(Exchange exchange) {
    String own = exchange.request().getHeader("X-User-Agent");
    String agent = own != null ? own : exchange.request().getHeader("User-Agent");
    return agent != null ? agent : "";
  }

  /** All values of a header as one; null without it. */
  private static String header(Exchange exchange, String name) {
    List<String> values = Collections.list(exchange.request().getHeaders(name));
    return values.isEmpty() ? null : String.join(",", values);
  }

  private void run(
      Exchange exchange,
      Supplier<SyncStream> opening,
      LineEncoder encoder,
      StreamBody body,
      StreamLog log) {
    SyncStream stream = null;
    try {
      stream = opening.get();
      log.started();
      StreamEnd end = stream.run(encoder, body, true, log);
      body.finish();
      log.ended(end, stream.totals(), body.sent());
      exchange.close();
    } catch (IOException e) {
      log.clientGone(stream.totals(), body.sent());
      exchange.close();
    } catch (InterruptedException e) {
      log.ended(StreamEnd.SHUTDOWN, stream.totals(), body.sent());
      exchange.close();
    } catch (RuntimeException | Error e) {
      if (body.begun()) {
        // No error document can follow, and the server offers no way to break a connection off:
        // the client sees the end of a body without completion and connects again.
        log.failed(e, stream.totals(), body.sent());
        exchange.close();
      } else {
        log.refused(stream == null ? StreamTotals.NONE : stream.totals(), body.sent());
        exchange.fail(e);
      }
    } finally {
      body.release();
      if (stream != null) {
        sync.streams().closed(stream);
      }
    }
  }
}
