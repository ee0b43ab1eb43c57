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
 * A route. A request passes admission once all of it is here, then {@link #handle}, which decodes,
 * validates, authorizes and answers; whatever that throws becomes an error answer. Other methods
 * are answered 404.
 *
 * <p>No thread of the server waits for a client or for others: a body comes as slowly as its client
 * likes without any, and a POST or a request that has to wait for its turn goes on in a thread of
 * its own.
 */
abstract class ApiServlet extends HttpServlet {
  static final Set<String> GET = Set.of("GET", "HEAD");
  static final Set<String> POST = Set.of("POST");

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(ApiServlet.class.getName());

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

  /** The largest body in bytes. */
  int maxBody() {
    return RequestParameters.DEFAULT_MAX_BODY;
  }

  /** The group the route belongs to. */
  abstract Admission admission();

  /**
   * Answers, now or later. On a thread of its own, and with an answer that comes later, of a POST.
   */
  abstract void handle(Exchange exchange);

  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Exchange exchange = new Exchange(request, response);
    if (!methods.contains(request.getMethod()) || !exact(request) || !offered()) {
      exchange.fail(ErrorAnswer.routeNotFound());
    } else if (exchange.isPost()) {
      exchange.receive(maxBody(), () -> admit(exchange));
    } else {
      admit(exchange);
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

  private void admit(Exchange exchange) {
    try {
      Optional<Admission.Place> place = takePlace();
      if (place.isPresent()) {
        exchange.admitted(place.get());
        start(exchange, place.get());
      } else {
        counters.add(Counter.REQUESTS_REJECTED, 1);
        LOG.log(Level.WARNING, "Too many requests at once for {0}", exchange.path());
        exchange.refuseForNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.fail(new PowerSyncException(ErrorCode.PSYNC_S2003, "Shutting down"));
    } catch (RuntimeException | Error e) {
      exchange.fail(e);
    }
  }

  private Optional<Admission.Place> takePlace() throws InterruptedException {
    Admission admission = admission();
    Optional<Admission.Place> place = admission.enter();
    return place.isPresent() ? place : enterLate(admission);
  }

  private void start(Exchange exchange, Admission.Place place) {
    if (place.runsAtOnce() && !exchange.isPost()) {
      run(exchange);
    } else {
      exchange.later();
      threads.startStream(() -> runInTurn(exchange, place));
    }
  }

  private void runInTurn(Exchange exchange, Admission.Place place) {
    try {
      place.awaitTurn();
      run(exchange);
    } catch (InterruptedException e) {
      exchange.fail(new PowerSyncException(ErrorCode.PSYNC_S2003, "Shutting down"));
    }
  }

  private void run(Exchange exchange) {
    try {
      if (needsStorage()) {
        storage.require();
      }
      handle(exchange);
    } catch (RuntimeException | Error e) {
      exchange.fail(e);
    } finally {
      exchange.decoded();
    }
  }
}
