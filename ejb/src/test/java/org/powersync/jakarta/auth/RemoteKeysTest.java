package org.powersync.jakarta.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.powersync.jakarta.auth.TestTokens.AUDIENCE;
import static org.powersync.jakarta.auth.TestTokens.NOW;
import static org.powersync.jakarta.auth.TestTokens.claims;
import static org.powersync.jakarta.auth.TestTokens.hs256;
import static org.powersync.jakarta.auth.TestTokens.jwk;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.powersync.jakarta.config.ClientAuth;
import org.powersync.jakarta.config.JsonWebKey;
import org.powersync.jakarta.connection.AddressRestriction;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.fixture.Await;

/** Tokens whose keys come from a JWKS address: caching, refreshing, failures (sync API 6.5). */
@Timeout(60)
class RemoteKeysTest {
  private static final KeyPair PAIR = TestTokens.rsa(2048);
  private static final KeyPair NEXT_PAIR = TestTokens.rsa(2048);
  private static final Map<String, Object> KEY = jwk("RS256", "r", PAIR.getPublic());
  private static final Map<String, Object> NEXT_KEY = jwk("RS256", "next", NEXT_PAIR.getPublic());
  private static final Duration SOON = Duration.ofSeconds(10);

  private final JwksServer server = new JwksServer();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SettableClock clock = new SettableClock(NOW);
  private final CountDownLatch testEnds = new CountDownLatch(1);
  private final TokenVerifier verifier = verifier(AddressRestriction.NONE);

  private TokenVerifier verifier(AddressRestriction restriction) {
    byte[] secret = "secret".getBytes(StandardCharsets.UTF_8);
    ClientAuth auth =
        new ClientAuth(
            List.of(AUDIENCE),
            List.of(JsonWebKey.read(jwk("HS256", "k1", secret))),
            List.of(server.uri()),
            restriction,
            Optional.empty(),
            Optional.empty());
    return TokenVerifier.of(auth, clock, threads, threads);
  }

  @AfterEach
  void stop() {
    testEnds.countDown();
    server.close();
    threads.shutdownNow();
  }

  /** A token that is good now, with the key's id unless it is null. */
  private String token(String kid, KeyPair pair) {
    Map<String, Object> claims = claims("iat", clock.instant().getEpochSecond());
    claims.put("exp", clock.instant().getEpochSecond() + 300);
    return TestTokens.sign("RS256", kid, pair.getPrivate(), claims);
  }

  private void assertAccepted() {
    assertThat(verifier.verify(token("r", PAIR)).subject()).isEqualTo("f1");
  }

  private PowerSyncException refusal(String token) {
    PowerSyncException refusal =
        catchThrowableOfType(PowerSyncException.class, () -> verifier.verify(token));
    assertThat(refusal).as("the token is refused").isNotNull();
    assertThat(refusal.httpStatus()).isEqualTo(401);
    return refusal;
  }

  private void hang() {
    server.answer(
        exchange -> {
          try {
            testEnds.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void awaitRequests(int count) {
    Await.until(count + " requests", SOON, () -> server.requests() == count);
  }

  /** The next refresh is not limited any more. */
  private void leaveTheLimiterAlone() {
    clock.advance(Duration.ofMinutes(1));
  }

  @Test
  void verifiesWithFetchedKeys() {
    server.serve(KEY);
    assertAccepted();
    assertAccepted();
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void fetchesAheadOfTheFirstToken() {
    server.serve(KEY);
    verifier.warmUp();
    awaitRequests(1);
    assertAccepted();
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void triesKeysWithoutIdForTokensWithoutIt() {
    server.serve(jwk(null, null, NEXT_PAIR.getPublic()), jwk(null, null, PAIR.getPublic()));
    assertThat(verifier.verify(token(null, PAIR)).subject()).isEqualTo("f1");
    assertThat(verifier.verify(token("unknown", PAIR)).subject()).isEqualTo("f1");
  }

  @Test
  void sharesOneFetchAmongAllWhoWait() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    byte[] body = TestTokens.json(Map.of("keys", List.of(KEY)));
    server.answer(
        exchange -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          JwksServer.send(exchange, 200, body);
        });
    List<Future<VerifiedToken>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(threads.submit(() -> verifier.verify(token("r", PAIR))));
    }
    awaitRequests(1);
    gate.countDown();
    for (Future<VerifiedToken> token : waiting) {
      assertThat(token.get(10, TimeUnit.SECONDS).subject()).isEqualTo("f1");
    }
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void refreshesInTheBackgroundAfterFiveMinutes() {
    server.serve(KEY);
    assertAccepted();
    clock.advance(Duration.ofSeconds(299));
    assertAccepted();
    assertThat(server.requests()).isEqualTo(1);

    hang();
    clock.advance(Duration.ofSeconds(2));
    long start = System.nanoTime();
    assertAccepted();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    awaitRequests(2);
  }

  @Test
  void noticesNewKeysWhenOneIsMissing() {
    server.serve(KEY);
    assertAccepted();
    leaveTheLimiterAlone();
    server.serve(NEXT_KEY);
    assertThat(refusal(token("next", NEXT_PAIR)).code()).isEqualTo(ErrorCode.PSYNC_S2101);
    Await.until(
        "the next request succeeds",
        SOON,
        () -> verifier.verify(token("next", NEXT_PAIR)).subject().equals("f1"));
    assertThat(refusal(token("r", PAIR)).code()).isEqualTo(ErrorCode.PSYNC_S2101);
  }

  @Test
  void doesNotFetchForEveryUnknownKey() {
    server.serve(KEY);
    assertAccepted();
    for (int i = 0; i < 200; i++) {
      refusal(token("unknown" + i, NEXT_PAIR));
    }
    assertThat(server.requests()).isLessThanOrEqualTo(2);
  }

  @Test
  void keepsOldKeysForAnHourWhenRefreshesFail() {
    server.serve(KEY);
    assertAccepted();
    server.serve(500, new byte[0]);
    clock.advance(Duration.ofMinutes(6));
    assertAccepted();
    awaitRequests(2);
    clock.advance(Duration.ofMinutes(50));
    assertAccepted();
    Await.until(
        "the failure is told to tokens without key",
        SOON,
        () -> refusal(token("next", NEXT_PAIR)).code() == ErrorCode.PSYNC_S2204);

    clock.advance(Duration.ofMinutes(5));
    PowerSyncException refusal = refusal(token("r", PAIR));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2204);
    assertThat(refusal.getMessage()).contains("status 500", server.uri().toString());
    assertThat(refusal.text()).doesNotContain("127.0.0.1");

    server.serve(KEY);
    Await.until(
        "the keys are fetched again",
        SOON,
        () -> {
          // A refresh begun before the server was mended may be the one that is waited for.
          leaveTheLimiterAlone();
          return catchThrowableOfType(PowerSyncException.class, this::assertAccepted) == null;
        });
  }

  @Test
  void retriesAfterAFailureAsOftenAsTheLimiterAllows() {
    server.serve(404, new byte[0]);
    assertThat(refusal(token("r", PAIR)).code()).isEqualTo(ErrorCode.PSYNC_S2204);
    for (int i = 0; i < 20; i++) {
      assertThat(refusal(token("r", PAIR)).code()).isEqualTo(ErrorCode.PSYNC_S2204);
    }
    assertThat(server.requests()).isEqualTo(1);
    server.serve(KEY);
    leaveTheLimiterAlone();
    assertAccepted();
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  void takesADocumentWithoutKeysAsTheNewState() {
    server.serve(KEY);
    assertAccepted();
    server.serve(200, "{}".getBytes(StandardCharsets.UTF_8));
    clock.advance(Duration.ofMinutes(6));
    assertAccepted();
    Await.until(
        "the old keys are gone",
        SOON,
        () -> {
          PowerSyncException refusal =
              catchThrowableOfType(
                  PowerSyncException.class, () -> verifier.verify(token("r", PAIR)));
          return refusal != null && refusal.code() == ErrorCode.PSYNC_S2204;
        });
  }

  @Test
  void waitsAFewSecondsForAServerThatHangs() {
    hang();
    long start = System.nanoTime();
    assertThat(refusal(token("r", PAIR)).code()).isEqualTo(ErrorCode.PSYNC_S2204);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(2900), Duration.ofSeconds(8));
  }

  @Test
  void verifiesWithKeysOfTheConfigurationWhileAServerHangs() {
    hang();
    verifier.warmUp();
    awaitRequests(1);
    long start = System.nanoTime();
    assertThat(verifier.verify(hs256("k1", "secret", claims())).subject()).isEqualTo("f1");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void fetchesFromNoRejectedAddress() {
    server.serve(KEY);
    TokenVerifier restricted = verifier(AddressRestriction.of(List.of("local")));
    PowerSyncException refusal =
        catchThrowableOfType(PowerSyncException.class, () -> restricted.verify(token("r", PAIR)));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PSYNC_S2204);
    assertThat(server.requests()).isZero();
  }

  @Test
  void failsClosedWhenThereAreNoThreads() {
    server.serve(KEY);
    threads.shutdownNow();
    assertThat(refusal(token("r", PAIR)).code()).isEqualTo(ErrorCode.PSYNC_S2204);
  }
}
