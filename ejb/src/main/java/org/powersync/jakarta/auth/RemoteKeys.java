package org.powersync.jakarta.auth;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.config.JsonWebKey;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * The keys of a JWKS address, cached (sync API section 6.5): good for an hour, refreshed in the
 * background after five minutes, after a failure and when a key is missing. One fetch at a time,
 * shared by all who wait for it. Safe for all threads.
 */
final class RemoteKeys implements KeySource {
  static final Duration FRESH = Duration.ofMinutes(5);
  static final Duration MAX_AGE = Duration.ofMinutes(60);

  private static final Logger LOG = Logger.getLogger(RemoteKeys.class.getName());

  private final URI uri;
  private final JwksClient client;
  private final Function<JsonWebKey, VerificationKey> rules;
  private final Clock clock;
  private final Executor threads;

  // Guarded by this object.
  private final RefreshLimiter limiter = new RefreshLimiter();
  private List<VerificationKey> keys = List.of();
  private Optional<PowerSyncException> error = Optional.empty();
  private Instant lastStarted = Instant.MIN;
  private Instant lastSuccess = Instant.MIN;
  private CompletableFuture<Void> running;

  /**
   * @param rules what tokens of these keys must fulfil
   * @param threads for fetches, which may take as long as the client's timeout
   */
  RemoteKeys(
      URI uri,
      JwksClient client,
      Function<JsonWebKey, VerificationKey> rules,
      Clock clock,
      Executor threads) {
    this.uri = uri;
    this.client = client;
    this.rules = rules;
    this.clock = clock;
    this.threads = threads;
  }

  @Override
  public CompletionStage<Keys> keys() {
    Optional<CompletableFuture<Void>> refresh = Optional.empty();
    boolean usable;
    synchronized (this) {
      Instant now = clock.instant();
      usable = lastSuccess.isAfter(now.minus(MAX_AGE));
      if (!usable) {
        keys = List.of();
      }
      if (!usable || error.isPresent() || !lastStarted.isAfter(now.minus(FRESH))) {
        refresh = claimRefresh(now);
      }
    }
    if (usable || refresh.isEmpty()) {
      return CompletableFuture.completedFuture(current());
    }
    return refresh.get().thenApply(done -> current());
  }

  @Override
  public void keyNotFound() {
    synchronized (this) {
      claimRefresh(clock.instant());
    }
  }

  private synchronized Keys current() {
    Optional<PowerSyncException> reason = error;
    if (keys.isEmpty() && reason.isEmpty() && lastSuccess.equals(Instant.MIN)) {
      reason = Optional.of(unavailable("not fetched yet"));
    }
    return new Keys(keys, reason);
  }

  /** The refresh that is under way, perhaps begun now; empty if the limiter grants none. */
  private Optional<CompletableFuture<Void>> claimRefresh(Instant now) {
    if (running == null && limiter.tryAcquire(now)) {
      CompletableFuture<Void> refresh = new CompletableFuture<>();
      running = refresh;
      lastStarted = now;
      try {
        threads.execute(() -> refresh(refresh));
      } catch (RejectedExecutionException e) {
        running = null;
        error = Optional.of(unavailable("the service is stopping"));
      }
    }
    return Optional.ofNullable(running);
  }

  private void refresh(CompletableFuture<Void> refresh) {
    Optional<Jwks> fetched = Optional.empty();
    Optional<PowerSyncException> failure = Optional.empty();
    try {
      Jwks jwks = client.fetch(uri);
      fetched = Optional.of(jwks);
      failure = jwks.problem().map(this::unavailable);
      jwks.skipped()
          .forEach(
              why ->
                  LOG.log(Level.WARNING, "Key of {0} skipped: {1}", new Object[] {place(), why}));
    } catch (IOException e) {
      failure = Optional.of(unavailable(LogText.of(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = Optional.of(unavailable("the service is stopping"));
    } catch (RuntimeException | Error e) {
      LOG.log(Level.SEVERE, e, () -> "Fetching keys from " + place() + " failed unexpectedly");
      failure = Optional.of(unavailable("unexpected failure"));
    } finally {
      settle(fetched, failure);
      refresh.complete(null);
    }
  }

  private synchronized void settle(Optional<Jwks> fetched, Optional<PowerSyncException> failure) {
    failure.ifPresent(e -> LOG.log(Level.WARNING, e::getMessage));
    if (failure.isEmpty() && error.isPresent()) {
      LOG.log(Level.INFO, "Keys are fetched from {0} again", place());
    }
    if (fetched.isPresent()) {
      keys = fetched.get().keys().stream().map(rules).toList();
      lastSuccess = clock.instant();
    }
    error = failure;
    running = null;
  }

  private PowerSyncException unavailable(String reason) {
    return new PowerSyncException(
            ErrorCode.PSYNC_S2204, "The keys that verify tokens are not available")
        .with("jwksUri", place())
        .with("reason", reason);
  }

  /** Without user name and query, which may hold secrets. */
  private String place() {
    return uri.getScheme()
        + "://"
        + uri.getHost()
        + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
        + uri.getPath();
  }
}
