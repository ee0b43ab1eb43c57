package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.client.RSocketClient.METADATA;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.client.RSocketClient;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** RSocket over WebSocket (sync API section 5), sentence by sentence, on the deployed EAR. */
class RSocketIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PATH = "/sync/stream";
  private static final String JSON = "application/json";
  private static final String BSON = "application/bson";
  private static final int RESUME = 0x80;
  private static final int LEASE = 0x40;
  private static final int FOLLOWS = 0x80;

  private static LibertyServer server;

  @BeforeAll
  static void start() throws Exception {
    TestPostgres.Database source = TestPostgres.shared().createDatabase("rsocket_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("rsocket_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, body text)",
        "INSERT INTO notes VALUES ('n1', 'alpha')",
        "CREATE PUBLICATION powersync FOR TABLE notes");
    String config =
        """
        config:
          edition: 3
        streams:
          notes:
            auto_subscribe: true
            query: SELECT * FROM notes
          some:
            query: SELECT * FROM notes WHERE id IN subscription.parameter('ids')
        """;
    JsonNode limit =
        new ObjectMapper()
            .readTree("{\"api\":{\"parameters\":{\"max_buckets_per_connection\":2}}}");
    server =
        new LibertyServer(
                "rsocket",
                ServiceSettings.of(source.uri(), storage.uri(), Optional.of(config), limit),
                Map.of())
            .start()
            .awaitReady();
    Await.until(
        "a stream is served",
        SOON,
        () -> {
          try (RSocketClient client = accepted()) {
            client.requestStream(1, 1, PATH, "{}");
            return client.next(SOON).equals("NEXT checkpoint");
          }
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String token() {
    return "Token " + Tokens.user("ann");
  }

  private static RSocketClient connected() {
    return new RSocketClient(server.uri(), PATH);
  }

  private static RSocketClient accepted() {
    return connected().setup(token());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bson(String json) {
    ByteBuffer buffer =
        new RawBsonDocument(BsonDocument.parse(json), new BsonDocumentCodec())
            .getByteBuffer()
            .asNIO();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static void refused(RSocketClient client, String error) throws InterruptedException {
    try (client) {
      assertThat(client.next(SOON)).startsWith(error);
      assertThat(client.next(SOON)).isEqualTo("CLOSED");
    }
  }

  private static void failed(RSocketClient client, int id, String error) throws Exception {
    assertThat(client.next(SOON)).startsWith("ERROR " + id + " " + error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/sync/stream", "/sync/stream/", "/a", "/a/b/c/d", "/a/b/c/d/e/f/g?h=i"})
  void anyPathIsUpgraded(String path) throws Exception {
    try (RSocketClient client = new RSocketClient(server.uri(), path)) {
      client.setup(token()).keepAlive("here");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE here");
    }
  }

  @Test
  void metadataAndRequestsMayBeBson() throws Exception {
    try (RSocketClient client = connected()) {
      client
          .setup(METADATA, BSON, BSON, bson("{\"token\": \"" + token() + "\"}"))
          .requestStream(1, 10, bson("{\"path\": \"/sync/stream\"}"), bson("{\"raw_data\": true}"));
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
    }
    try (RSocketClient client = connected()) {
      client
          .setup(METADATA, JSON, BSON, bytes("{\"token\":\"" + token() + "\"}"))
          .requestStream(1, 10, bytes("{\"path\":\"/sync/stream\"}"), bson("{\"buckets\": []}"));
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
    }
  }

  @Test
  void otherTypesAreRefusedWhereTheyMatter() throws Exception {
    byte[] metadata = bytes("{\"token\":\"" + token() + "\"}");
    refused(connected().setup(METADATA, "text/plain", JSON, metadata), "ERROR 0 3 [PSYNC_S2004] ");
    try (RSocketClient client = connected()) {
      client.setup(METADATA, JSON, "text/plain", metadata).requestStream(1, 10, PATH, "{}");
      failed(client, 1, "201 [PSYNC_S2004] ");
    }
  }

  @Test
  void setupNeedsAGoodToken() throws Exception {
    refused(connected().setup(0, JSON, JSON, bytes("")), "ERROR 0 3 [PSYNC_S2101] ");
    for (String metadata : List.of("{}", "{\"token\":\"\"}", "{\"token\":7}")) {
      refused(connected().setup(METADATA, JSON, JSON, bytes(metadata)), "ERROR 0 3 [PSYNC_S2106] ");
    }
    refused(connected().setup(Tokens.user("ann")), "ERROR 0 3 [PSYNC_S2106] ");
    refused(connected().setup("Token " + Tokens.user("ann", -400)), "ERROR 0 3 [PSYNC_S2103] ");
    refused(connected().setup("Token a.b.c"), "ERROR 0 3 [PSYNC_S2101] ");
    try (RSocketClient client = connected()) {
      client.setup("Bearer " + Tokens.user("ann")).keepAlive("in");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE in");
    }
  }

  @Test
  void setupComesFirstAndAsksForNeitherResumptionNorLeases() throws Exception {
    byte[] metadata = bytes("{\"token\":\"" + token() + "\"}");
    refused(connected().requestStream(1, 10, PATH, "{}"), "ERROR 0 2 ");
    refused(connected().keepAlive("x"), "ERROR 0 2 ");
    refused(connected().setup(METADATA | LEASE, JSON, JSON, metadata), "ERROR 0 3 ");
    refused(connected().send(0, 0x0d, 0, new byte[20]), "ERROR 0 4 ");
    byte[] resuming = resuming(metadata);
    refused(connected().send(0, 0x01, METADATA | RESUME, resuming), "ERROR 0 3 ");
  }

  /** A SETUP with the token of a later resumption, which stands before the types. */
  private static byte[] resuming(byte[] metadata) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        ByteBuffer.allocate(15).putInt(0x00010000).putInt(20_000).putInt(90_000).array());
    body.writeBytes(new byte[] {'r'});
    byte[] array = body.toByteArray();
    array[13] = 1;
    array[14] = 'r';
    body.reset();
    body.write(array, 0, 15);
    for (int i = 0; i < 2; i++) {
      body.write(JSON.length());
      body.writeBytes(bytes(JSON));
    }
    body.writeBytes(new byte[] {0, (byte) (metadata.length >> 8), (byte) metadata.length});
    body.writeBytes(metadata);
    return body.toByteArray();
  }

  @Test
  void requestStreamIsTheOnlyInteraction() throws Exception {
    try (RSocketClient client = accepted()) {
      client.send(1, 0x04, 0, bytes("x"));
      failed(client, 1, "202 ");
      client.send(3, 0x07, 0, new byte[] {0, 0, 0, 1, 'x'});
      failed(client, 3, "202 ");
      client.send(5, 0x05, 0, bytes("x")).keepAlive("still here");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE still here");
    }
  }

  @Test
  void requestsAreToSayTheirPathAndWhatTheyWant() throws Exception {
    try (RSocketClient client = accepted()) {
      client.send(1, 0x06, 0, new byte[] {0, 0, 0, 1, '{', '}'});
      failed(client, 1, "201 [PSYNC_S2001] ");
      client.requestStream(3, 1, bytes("{}"), bytes("{}"));
      failed(client, 3, "201 [PSYNC_S2001] ");
      client.requestStream(5, 1, "/sync/stream/", "{}");
      failed(client, 5, "201 [PSYNC_S2002] ");
      for (String payload : List.of("", "[]", "{", "{\"client_id\":7}")) {
        client.requestStream(7, 1, PATH, payload);
        failed(client, 7, "201 [PSYNC_S2001] ");
      }
      client.keepAlive("still here");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE still here");
    }
  }

  @Test
  void aRequestInFragmentsIsPutTogether() throws Exception {
    byte[] path = bytes("{\"path\":\"/sync/stream\"}");
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    first.writeBytes(new byte[] {0, 0, 0, 10, 0, 0, (byte) path.length});
    first.writeBytes(path);
    first.writeBytes(bytes("{\"raw_"));
    try (RSocketClient client = accepted()) {
      client
          .send(1, 0x06, METADATA | FOLLOWS, first.toByteArray())
          .send(1, 0x0a, FOLLOWS, bytes("data\":"))
          .send(1, 0x0a, 0x20, bytes("true}"));
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
    }
  }

  @Test
  void rowsAreTextsEvenForAClientOfTheOldData() throws Exception {
    try (RSocketClient client = accepted()) {
      client.requestStream(1, 10, PATH, "{\"raw_data\":false}");
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      assertThat(client.line().at("/checkpoint/last_op_id").isTextual()).isTrue();
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      assertThat(client.line().at("/data/data/0/data").textValue())
          .isEqualTo("{\"id\":\"n1\",\"body\":\"alpha\"}");
    }
  }

  @Test
  void neverMoreItemsThanWereAskedForOnAnyOfSeveralStreams() throws Exception {
    try (RSocketClient client = accepted()) {
      client.requestStream(1, 1, PATH, "{}");
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      client.requestStream(3, 2, PATH, "{}");
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint");
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      // An answer that overtakes nothing: whatever was to be sent has been.
      client.keepAlive("now");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE now");
      client.requestMore(3, 1);
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint_complete");
      client.cancel(3).requestMore(3, 5).requestMore(1, 2);
      assertThat(client.next(SOON)).isEqualTo("NEXT data");
      assertThat(client.next(SOON)).isEqualTo("NEXT checkpoint_complete");
    }
  }

  @Test
  void aFailureOfTheStreamIsWrappedAndNothingFollows() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add("\"i" + i + "\"");
    }
    String request =
        ("{\"streams\":{\"subscriptions\":[{\"stream\":\"some\",\"override_priority\":null,"
                + "\"parameters\":{\"ids\":[%s]}}]}}")
            .formatted(String.join(",", ids));
    try (RSocketClient client = accepted()) {
      client.requestStream(1, 10, PATH, request);
      String error = client.next(SOON);
      assertThat(error).startsWith("ERROR 1 201 [PSYNC_S2001] ").contains("PSYNC_S2305");
      client.keepAlive("and then");
      assertThat(client.next(SOON)).isEqualTo("KEEPALIVE and then");
    }
  }
}
