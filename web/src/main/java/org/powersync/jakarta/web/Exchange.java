package org.powersync.jakarta.web;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * One request and its answer, given at once or later by another thread. Exactly one of the closing
 * methods is called, once; it gives the memory of the body and the place in the admission group
 * back.
 */
final class Exchange {
  private static final Logger LOG = Logger.getLogger(Exchange.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TOO_MANY_REQUESTS = 429;
  private static final byte[] NO_BODY = new byte[0];

  /** Two spaces, as tools of this ecosystem write it. */
  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                  .withArrayEmptySeparator("")
                  .withObjectEmptySeparator(""))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"))
          .withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final BodyMemory memory = new BodyMemory();
  private final RequestId id = RequestId.http();
  private final long start = System.nanoTime();
  private final String method;
  private final String path;
  private final String route;
  private final boolean inRole;
  private byte[] body = NO_BODY;
  private AsyncContext async;
  private Admission.Place place;

  Exchange(HttpServletRequest request, HttpServletResponse response) {
    this.request = request;
    this.response = response;
    this.method = request.getMethod();
    this.path = request.getRequestURI();
    this.route = request.getServletPath();
    // The server knows who calls on the thread that it lent to the request, and on no other.
    this.inRole = request.isUserInRole(Operators.ROLE);
  }

  /** Names the request in the log. */
  RequestId id() {
    return id;
  }

  HttpServletRequest request() {
    return request;
  }

  HttpServletResponse response() {
    return response;
  }

  /** The path as it came. */
  String path() {
    return path;
  }

  boolean isPost() {
    return method.equals("POST");
  }

  /** Whether the server's own security has put the caller into the role of operators. */
  boolean inRole() {
    return inRole;
  }

  /**
   * Receives the body, then goes on in a thread of the server; closes with a failure when the body
   * is too large or does not come.
   *
   * @param max bytes accepted
   */
  void receive(int max, Runnable then) throws IOException {
    if (request.getContentLengthLong() > max) {
      fail(ArrivingBody.tooLarge(max));
      return;
    }
    later();
    ServletInputStream in = request.getInputStream();
    in.setReadListener(
        new ArrivingBody(
            in,
            in::isReady,
            memory,
            max,
            new ArrivingBody.Outcome() {
              @Override
              public void arrived(byte[] all) {
                body = all;
                then.run();
              }

              @Override
              public void refused(PowerSyncException reason) {
                fail(reason);
              }
            }));
  }

  /** The place that the request has taken in its admission group. */
  void admitted(Admission.Place taken) {
    place = taken;
  }

  /** The request as one flat object. */
  Map<String, Object> parameters() {
    Map<String, Object> parameters = RequestParameters.ofQuery(request.getQueryString());
    if (isPost()) {
      RequestParameters.overlayBody(parameters, request.getContentType(), body());
    }
    return parameters;
  }

  /** The whole body, to be decoded now. */
  byte[] body() {
    if (!memory.takeForDecoding(body.length)) {
      throw ArrivingBody.tooManyBytes();
    }
    return body;
  }

  /** The request is understood: its body and the objects made of it are no longer needed. */
  void decoded() {
    body = NO_BODY;
    memory.release();
  }

  /** Lets the answer come later, without a time limit; may be called more than once. */
  void later() {
    if (async == null) {
      async = request.startAsync();
      async.setTimeout(0);
    }
  }

  /** Closes with a result in the usual envelope. */
  void answer(Object data) {
    send(200, Map.of("data", data));
  }

  /** Closes with a failure. */
  void fail(Throwable failure) {
    fail(ErrorAnswer.of(failure));
  }

  /** Closes with a failure. */
  void fail(ErrorAnswer answer) {
    if (response.isCommitted()) {
      // The server's own security, where it is configured, may have refused a caller already.
      close();
      return;
    }
    response.resetBuffer();
    send(answer.status(), Map.of("error", answer.error()));
  }

  /** Closes without a document: all places are taken. */
  void refuseForNow() {
    response.setStatus(TOO_MANY_REQUESTS);
    close();
  }

  /** Closes with a document of its own. */
  void send(int status, Object document) {
    send(() -> writeJson(request, response, status, document));
  }

  /** Closes with a document of its own, laid out for people. */
  void sendPretty(Object document) {
    send(() -> writeJson(request, response, 200, pretty(document)));
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void send(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      LOG.log(Level.FINE, "The client was gone before its answer", e);
    } finally {
      close();
    }
  }

  /** Closes an answer that was written by other means. */
  void close() {
    log();
    try {
      if (async != null) {
        async.complete();
      }
    } finally {
      memory.release();
      if (place != null) {
        place.leave();
      }
    }
  }

  private void log() {
    LOG.log(
        Level.FINE,
        () ->
            "Request: rid=%s method=%s path=%s route=%s status=%d duration_ms=%d"
                .formatted(
                    id,
                    method,
                    StreamLog.cut(path),
                    StreamLog.cut(route),
                    response.getStatus(),
                    (System.nanoTime() - start) / 1_000_000));
  }

  /** Writes a JSON document; of an answer to HEAD only the headers. */
  static void writeJson(
      HttpServletRequest request, HttpServletResponse response, int status, Object document)
      throws IOException {
    writeJson(request, response, status, JSON.writeValueAsBytes(document));
  }

  private static void writeJson(
      HttpServletRequest request, HttpServletResponse response, int status, byte[] body)
      throws IOException {
    response.setStatus(status);
    response.setContentType("application/json; charset=utf-8");
    response.setContentLength(body.length);
    if (!request.getMethod().equals("HEAD")) {
      response.getOutputStream().write(body);
    }
  }

  private static byte[] pretty(Object document) throws IOException {
    return (JSON.writer(PRETTY).writeValueAsString(document) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
