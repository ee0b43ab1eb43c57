package org.powersync.jakarta.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.powersync.jakarta.auth.TestTokens.jwk;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.config.JsonWebKey;
import org.powersync.jakarta.connection.AddressRestriction;

/** Fetching key sets from servers of all kinds (sync API section 6.5). */
@Timeout(30)
class JwksClientTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Map<String, Object> KEY =
      jwk("RS256", "r", TestTokens.rsa(2048).getPublic());

  private final JwksServer server = new JwksServer();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch testEnds = new CountDownLatch(1);

  @AfterEach
  void stop() {
    testEnds.countDown();
    server.close();
    threads.shutdownNow();
  }

  private JwksClient client() {
    return client(AddressRestriction.NONE, Duration.ofSeconds(10));
  }

  private JwksClient client(AddressRestriction restriction, Duration timeout) {
    return new JwksClient(restriction, timeout, threads);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void assertFails(JwksClient client, URI uri, String reason) {
    assertThatIOException().isThrownBy(() -> client.fetch(uri)).withMessageContaining(reason);
  }

  private void awaitEnd() {
    try {
      testEnds.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void asksForJson() throws Exception {
    String[] accept = new String[1];
    server.answer(
        exchange -> {
          accept[0] =
              exchange.getRequestMethod() + " " + exchange.getRequestHeaders().get("Accept");
          JwksServer.send(exchange, 200, TestTokens.json(Map.of("keys", List.of(KEY))));
        });
    Jwks jwks = client().fetch(server.uri());
    assertThat(jwks.keys()).hasSize(1);
    assertThat(accept[0]).isEqualTo("GET [application/json]");
  }

  @Test
  void takesOnlyPublicKeysForSignatures() throws Exception {
    Map<String, Object> encryption = with(KEY, "use", "enc");
    Map<String, Object> signing = with(KEY, "key_ops", List.of("sign"));
    Map<String, Object> broken = with(KEY, "n", "!!");
    Map<String, Object> odd = with(KEY, "use", 5);
    Map<String, Object> verifying = with(KEY, "key_ops", List.of("sign", "verify"));
    Map<String, Object> curve = jwk("ES256", "c", TestTokens.ellipticCurve("P-256").getPublic());
    Map<String, Object> otherCurve = with(curve, "crv", "secp256k1");
    Map<String, Object> edwards = jwk(null, "e", TestTokens.edwardsCurve("Ed25519").getPublic());
    server.serve(
        encryption,
        signing,
        broken,
        otherCurve,
        jwk("HS256", "h", utf8("never from the network")),
        Map.of(),
        with(KEY, "kid", "odd", odd),
        with(KEY, "kid", "v", verifying),
        curve,
        edwards);

    Jwks jwks = client().fetch(server.uri());

    assertThat(jwks.problem()).isEmpty();
    assertThat(jwks.keys().stream().map(JsonWebKey::kid).map(kid -> kid.orElse("")))
        .containsExactly("odd", "v", "c", "e");
    assertThat(jwks.skipped()).hasSize(2).allSatisfy(why -> assertThat(why).doesNotContain("!!"));
  }

  private static Map<String, Object> with(Map<String, Object> jwk, String name, Object value) {
    return with(jwk, name, value, Map.of());
  }

  private static Map<String, Object> with(
      Map<String, Object> jwk, String name, Object value, Map<String, Object> more) {
    Map<String, Object> changed = new LinkedHashMap<>(jwk);
    changed.putAll(more);
    changed.put(name, value);
    return changed;
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "5", "{\"keys\":{}}", "{\"keys\":[5]}", "{\"keys\":[null]}"})
  void hasNoKeysWhenTheDocumentIsAnother(String document) throws Exception {
    server.serve(200, utf8(document));
    Jwks jwks = client().fetch(server.uri());
    assertThat(jwks.problem()).isPresent();
    assertThat(jwks.keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{\"keys\":", "{\"keys\":[]} x"})
  void failsWhenTheAnswerIsNotJson(String document) {
    server.serve(200, utf8(document));
    assertFails(client(), server.uri(), "not JSON");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304, 400, 404, 500, 503})
  void failsOnOtherStatus(int status) {
    server.serve(status, new byte[0]);
    assertFails(client(), server.uri(), status == 204 ? "not JSON" : "status " + status);
  }

  @Test
  void givesUpOnAServerThatNeverAnswers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/keys");
      assertFails(client(AddressRestriction.NONE, SHORT), uri, "no complete answer");
    }
  }

  @Test
  void givesUpOnABodyThatNeverEnds() {
    server.answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          out.write(utf8("{\"keys\":["));
          out.flush();
          awaitEnd();
        });
    assertFails(client(AddressRestriction.NONE, SHORT), server.uri(), "no complete answer");
  }

  @Test
  void doesNotReadMoreThanItsLimit() {
    server.answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[64 << 10];
          try {
            for (int i = 0; i < 10_000; i++) {
              exchange.getResponseBody().write(block);
            }
          } catch (IOException e) {
            // The client has had enough.
          }
        });
    assertFails(client(), server.uri(), "larger than");
  }

  @Test
  void followsRedirects() throws Exception {
    server.answer(
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/keys")) {
            exchange.getResponseHeaders().set("Location", "/moved");
            exchange.sendResponseHeaders(302, -1);
          } else {
            JwksServer.send(exchange, 200, TestTokens.json(Map.of("keys", List.of(KEY))));
          }
        });
    assertThat(client().fetch(server.uri()).keys()).hasSize(1);
  }

  @Test
  void followsNotForEver() {
    redirectTo("/keys");
    assertFails(client(), server.uri(), "redirects");
    assertThat(server.requests()).isEqualTo(JwksClient.MAX_REDIRECTS + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/", "http:", "", "::"})
  void followsOnlyToTheWeb(String location) {
    redirectTo(location);
    assertThatIOException().isThrownBy(() -> client().fetch(server.uri()));
  }

  private void redirectTo(String location) {
    server.answer(
        exchange -> {
          exchange.getResponseHeaders().set("Location", location);
          exchange.sendResponseHeaders(307, -1);
        });
  }

  @Tag("auth-jwks-address")
  @Test
  void asksNoRejectedAddress() {
    server.serve(KEY);
    JwksClient restricted = client(AddressRestriction.of(List.of("local")), SHORT);
    assertFails(restricted, server.uri("localhost", "/keys"), "rejected range");
    assertFails(restricted, server.uri("127.0.0.1", "/keys"), "rejected range");
    assertFails(restricted, server.uri("[::1]", "/keys"), "rejected range");
    assertThat(server.requests()).isZero();
  }

  @Test
  void isNotRedirectedToARejectedAddress() {
    redirectTo("http://10.1.2.3/keys");
    JwksClient restricted = client(AddressRestriction.of(List.of("10.0.0.0/8")), SHORT);
    assertFails(restricted, server.uri(), "rejected range");
  }

  @Test
  void isNotRedirectedFromOutsideToTheInside() {
    redirectTo("http://127.0.0.1:1/keys");
    JwksClient.Resolver resolver =
        host -> InetAddress.getAllByName(host.equals("localhost") ? "198.41.0.4" : host);
    JwksClient client =
        new JwksClient(AddressRestriction.NONE, resolver, Duration.ofSeconds(10), threads);
    assertFails(client, server.uri("localhost", "/keys"), "from a public to a local address");
  }

  @Test
  void failsWhenNobodyListensOrTheHostIsUnknown() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    URI refused = URI.create("http://127.0.0.1:" + port + "/");
    assertThatIOException().isThrownBy(() -> client().fetch(refused));
    URI unknown = URI.create("http://nowhere.invalid/");
    assertThatIOException().isThrownBy(() -> client().fetch(unknown));
  }
}
