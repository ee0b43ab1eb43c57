package org.powersync.jakarta.web;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.sync.rsocket.Acceptor;
import org.powersync.jakarta.sync.rsocket.ErrorKind;
import org.powersync.jakarta.sync.rsocket.FrameTransport;
import org.powersync.jakarta.sync.rsocket.RSocketConnection;
import org.powersync.jakarta.sync.rsocket.RSocketFailure;
import org.powersync.jakarta.sync.rsocket.RSocketLimits;
import org.powersync.jakarta.sync.rsocket.Responder;
import org.powersync.jakarta.telemetry.Counters;

/** The RSocket connections of this process (sync API section 5). Safe for all threads. */
@ApplicationScoped
public class SocketStreams {
  private static final Logger LOG = Logger.getLogger(SocketStreams.class.getName());
  private static final int CHECK_SECONDS = 1;

  @Inject private SyncComponents sync;
  @Inject private StorageGate storage;
  @Inject private StreamThreads threads;
  @Inject private UserTokens tokens;
  @Inject private ApiOptions options;
  @Inject private Counters counters;

  private final Map<RSocketConnection, SocketPlaces.Place> open = new ConcurrentHashMap<>();
  private SocketPlaces places;
  private ScheduledFuture<?> check;

  @PostConstruct
  void start() {
    places = new SocketPlaces(options.maxConcurrentStreams(), SocketPlaces.ROOM);
    check = threads.every(CHECK_SECONDS, TimeUnit.SECONDS, this::closeSilent);
  }

  private void closeSilent() {
    for (RSocketConnection connection : open.keySet()) {
      if (connection.closeIfSilent()) {
        disconnected(connection);
      }
    }
  }

  @PreDestroy
  void stop() {
    check.cancel(false);
    open.keySet().forEach(RSocketConnection::close);
  }

  /** Whether this process serves streams at all. */
  boolean offered() {
    return options.servesApi();
  }

  /** A client connected; its frames go to the connection returned. */
  RSocketConnection connected(FrameTransport transport) {
    SocketPlaces.Place place = places.arrive(() -> closeForAnother(transport));
    RSocketConnection connection =
        new RSocketConnection(
            transport,
            introduction -> accept(introduction, place),
            RSocketLimits.ofRequests(options.maxStreamRequestSize()));
    open.put(connection, place);
    return connection;
  }

  private void closeForAnother(FrameTransport transport) {
    counters.add(Counters.Counter.REQUESTS_REJECTED, 1);
    LOG.log(Level.FINE, "A WebSocket connection without SETUP is closed for a new one");
    transport.close();
  }

  /** The client has gone. */
  void disconnected(RSocketConnection connection) {
    SocketPlaces.Place place = open.remove(connection);
    if (place != null) {
      place.leave();
    }
    connection.close();
  }

  /** Keys may have to be fetched before a token is verified, which must not hold up the server. */
  private CompletionStage<Responder> accept(
      Acceptor.Introduction introduction, SocketPlaces.Place place) {
    CompletableFuture<Responder> decision = new CompletableFuture<>();
    try {
      require(place.introduce());
      storage.require();
      if (tokens.mayWait()) {
        threads.startStream(() -> decide(introduction, place, decision));
      } else {
        decide(introduction, place, decision);
      }
    } catch (RuntimeException e) {
      decision.completeExceptionally(refusal(e));
    }
    return decision;
  }

  private void require(boolean place) {
    if (!place) {
      counters.add(Counters.Counter.REQUESTS_REJECTED, 1);
      LOG.log(Level.WARNING, "Too many WebSocket connections at once");
      throw new PowerSyncException(
          ErrorCode.PSYNC_S2304,
          "Too many connections; api.parameters.max_concurrent_connections is the limit");
    }
  }

  private void decide(
      Acceptor.Introduction introduction,
      SocketPlaces.Place place,
      CompletableFuture<Responder> decision) {
    SocketSession session;
    try {
      session = SocketSession.of(introduction, tokens);
      require(place.accept());
    } catch (RuntimeException | Error e) {
      decision.completeExceptionally(refusal(e));
      return;
    }
    decision.complete(new SocketResponder(session, sync.streams(), threads, counters));
  }

  private static RSocketFailure refusal(Throwable failure) {
    return new RSocketFailure(ErrorKind.REJECTED_SETUP, ErrorAnswer.of(failure).text());
  }
}
