package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Counters.Counter;

/**
 * A route. A request passes admission, then {@link #handle}, which decodes, validates, authorizes
 * and answers; whatever that throws becomes an error answer. Other methods are answered 404.
 *
 * <p>No thread of the server waits for a client or for others: a request with a body, which may
 * come as slowly as its client likes, or one that has to wait for its turn goes on in a thread of
 * its own.
 */
abstract class ApiServlet extends HttpServlet {
  static final Set<String> GET = Set.of("GET", "HEAD");
  static final Set<String> POST = Set.of("POST");

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(ApiServlet.class.getName());
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  private final transient Set<String> methods;

  @Inject private transient Counters counters;
  @Inject private transient StorageGate storage;
  @Inject private transient StreamThreads threads;

  ApiServlet(Set<String> methods) {
    this.methods = methods;
  }

  /** Whether this process offers the route. */
  abstract boolean offered();

  /** Whether the route cannot answer without the tables of storage. */
  boolean needsStorage() {
    return false;
  }

  /** The group the route belongs to. */
  abstract Admission admission();

  /**
   * Answers, now or later. On a thread of its own, and with an answer that comes later, of a POST.
   */
  abstract void handle(Exchange exchange) throws IOException;

  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      if (!methods.contains(request.getMethod()) || !exact(request) || !offered()) {
        new Exchange(request, response, () -> {}).fail(ErrorAnswer.routeNotFound());
        return;
      }
      admit(request, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } catch (RuntimeException e) {
      new Exchange(request, response, () -> {}).fail(e);
    }
  }

  /** The server finds a route by a path that it has tidied up; a client has to give it as it is. */
  private static boolean exact(HttpServletRequest request) {
    return request.getRequestURI().equals(request.getContextPath() + request.getServletPath());
  }

  /** A second chance when all places are taken; empty when there is none. */
  Optional<Admission.Place> enterLate(Admission admission) throws InterruptedException {
    return Optional.empty();
  }

  private void admit(HttpServletRequest request, HttpServletResponse response)
      throws InterruptedException {
    Admission admission = admission();
    Optional<Admission.Place> place = admission.enter();
    if (place.isEmpty()) {
      place = enterLate(admission);
    }
    if (place.isEmpty()) {
      counters.add(Counter.REQUESTS_REJECTED, 1);
      LOG.log(Level.WARNING, "Too many requests at once for {0}", request.getRequestURI());
      response.setStatus(TOO_MANY_REQUESTS);
      return;
    }
    Exchange exchange = new Exchange(request, response, place.get()::leave);
    if (place.get().runsAtOnce() && !request.getMethod().equals("POST")) {
      run(exchange);
    } else {
      goOn(exchange, place.get());
    }
  }

  private void goOn(Exchange exchange, Admission.Place place) {
    exchange.later();
    try {
      threads.startStream(
          () -> {
            try {
              place.awaitTurn();
              run(exchange);
            } catch (InterruptedException e) {
              exchange.fail(new PowerSyncException(ErrorCode.PSYNC_S2003, "Shutting down"));
            }
          });
    } catch (RuntimeException | Error e) {
      exchange.fail(e);
    }
  }

  private void run(Exchange exchange) {
    try {
      if (needsStorage()) {
        storage.require();
      }
      handle(exchange);
    } catch (IOException e) {
      LOG.log(Level.FINE, "The client was gone before its request was read", e);
      exchange.fail(
          new PowerSyncException(
              ErrorCode.PSYNC_S2001, REQUEST_TIMEOUT, "The request did not arrive", null));
    } catch (RuntimeException | Error e) {
      exchange.fail(e);
    } finally {
      exchange.decoded();
    }
  }
}
