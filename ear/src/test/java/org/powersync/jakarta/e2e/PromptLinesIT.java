package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.BufferingProxy;
import org.powersync.jakarta.server.LibertyServer;

/**
 * The last line of a small change arrives at once, through compression and proxies: it waits
 * neither for a later line nor for the next keepalive (sync API section 3.2).
 */
class PromptLinesIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Well before a keepalive, which comes after 18 s of silence at the earliest. */
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private static final String CONFIG =
      """
      bucket_definitions:
        all_notes:
          data:
            - SELECT * FROM notes
      """;

  private static TestPostgres.Database source;
  private static LibertyServer server;
  private static BufferingProxy proxy;
  private static BufferingProxy deafProxy;
  private static int notes;

  @BeforeAll
  static void start() {
    source = TestPostgres.shared().createDatabase("prompt_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("prompt_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, body text)",
        "CREATE PUBLICATION powersync FOR TABLE notes",
        "INSERT INTO notes VALUES ('n0', 'first')");
    server =
        new LibertyServer(
                "prompt",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.of(CONFIG)),
                Map.of())
            .start()
            .awaitReady();
    proxy = new BufferingProxy(server.uri(), true);
    deafProxy = new BufferingProxy(server.uri(), false);
    Await.until(
        "a stream can be opened",
        SOON,
        () -> {
          try (StreamConnection stream = open(server.uri(), "identity")) {
            return stream.status() == 200;
          }
        });
  }

  @AfterAll
  static void stop() {
    proxy.close();
    deafProxy.close();
    server.close();
  }

  private static StreamConnection open(URI service, String coding) {
    return StreamConnection.open(
        service,
        "/sync/stream",
        "{\"raw_data\":true}",
        Map.of("Authorization", "Token " + Tokens.user("ann"), "Accept-Encoding", coding));
  }

  private static void change() {
    notes++;
    source.execute("INSERT INTO notes VALUES ('n" + notes + "', 'more')");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "zstd"})
  void throughABufferingProxy(String coding) {
    try (StreamConnection stream = open(proxy.uri(), coding)) {
      assertThat(stream.header("X-Accel-Buffering")).contains("no");
      assertThat(stream.header("Content-Encoding").orElse("identity")).isEqualTo(coding);
      StreamLines.sync(stream);
      change();
      requireNext(stream, "checkpoint_diff");
      requireNext(stream, "data");
      requireNext(stream, "checkpoint_complete");
    }
  }

  private static void requireNext(StreamConnection stream, String type) {
    Optional<StreamConnection.Event> next = stream.next(AT_ONCE);
    assertThat(next).as(type).isPresent();
    assertThat(((StreamConnection.Line) next.get()).json().has(type)).as(type).isTrue();
  }

  /** Without this the test above would show nothing. */
  @Test
  void theProxyHoldsBackWhatDoesNotForbidIt() {
    try (StreamConnection stream = open(deafProxy.uri(), "identity")) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.next(Duration.ofSeconds(2))).isEmpty();
    }
  }

  @Test
  void overAWebSocketWhoseClientOffersCompression() throws Exception {
    try (RSocketClient client = RSocketClient.offeringDeflate(server.uri(), "/sync/stream")) {
      client
          .setup("Token " + Tokens.user("ann"))
          .requestStream(1, 1000, "/sync/stream", "{\"raw_data\":true}");
      while (!client.next(SOON).equals("NEXT checkpoint_complete")) {
        assertThat(client.line()).isNotNull();
      }
      change();
      assertThat(client.next(AT_ONCE)).isEqualTo("NEXT checkpoint_diff");
      assertThat(client.next(AT_ONCE)).isEqualTo("NEXT data");
      assertThat(client.next(AT_ONCE)).isEqualTo("NEXT checkpoint_complete");
    }
  }
}
