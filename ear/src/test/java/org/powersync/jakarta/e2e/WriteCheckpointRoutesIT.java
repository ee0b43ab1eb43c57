package org.powersync.jakarta.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.client.ServiceClient;
import org.powersync.jakarta.client.ServiceClient.Answer;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/**
 * Write checkpoints (sync API sections 2.1, 2.2 and 4), on the deployed EAR: what callers get, what
 * is stored, and what the source is told.
 */
class WriteCheckpointRoutesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REQUEST = "/sync/checkpoint-request";
  private static final String GENERATE = "/write-checkpoint2.json";

  /** Three bytes each, and no two alike: more than an index of storage has room for. */
  private static final String LONG =
      IntStream.range(0, 1000)
          .mapToObj(i -> Character.toString(0x4e00 + i * 7919 % 20_000))
          .collect(Collectors.joining());

  private static TestPostgres.Database source;
  private static TestPostgres.Database storage;
  private static LibertyServer server;

  @BeforeAll
  static void start() {
    source = TestPostgres.shared().createDatabase("requests_source");
    storage = TestPostgres.shared().createDatabase("requests_storage");
    source.execute(
        "CREATE TABLE notes (id text PRIMARY KEY)", "CREATE PUBLICATION powersync FOR TABLE notes");
    server =
        new LibertyServer(
                "write-checkpoints",
                ServiceSettings.of(
                    source.uri(),
                    storage.uri(),
                    Optional.of(
                        "bucket_definitions:\n  notes:\n    data: [SELECT * FROM notes]\n")),
                Map.of())
            .start()
            .awaitReady();
    Await.until("a sync config is active", SOON, () -> user("first").get(GENERATE).status() == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ServiceClient user(String name) {
    return ServiceClient.ofUser(server.uri(), name);
  }

  private static String requested(String user, String id) {
    Answer answer = user(user).post(REQUEST, body("\"c\"", id));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.data().get("checkpoint_request_id").textValue();
  }

  private static String body(String clientId, String id) {
    return "{\"client_id\":" + clientId + ",\"checkpoint_request_id\":" + id + "}";
  }

  private static String generated(String user, String query) {
    return user(user).get(GENERATE + query).data().get("write_checkpoint").textValue();
  }

  /** What is stored of a key: number, position, and when it was asked for. */
  private record Stored(String number, String head, Optional<Instant> requestedAt) {}

  private static Stored stored(String key) {
    String row =
        "SELECT json_build_array(write_checkpoint::text, lsns ->> '1', checkpoint_requested_at)"
            + " FROM powersync.write_checkpoints WHERE user_id = '"
            + key
            + "'";
    try {
      JsonNode values = JSON.readTree(storage.query(row).get(0));
      return new Stored(
          values.get(0).asText(),
          values.get(1).asText(),
          Optional.ofNullable(values.get(2).textValue())
              .map(text -> OffsetDateTime.parse(text).toInstant()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> keys(String like) {
    return storage.query(
        "SELECT user_id FROM powersync.write_checkpoints WHERE user_id LIKE '"
            + like
            + "' ORDER BY user_id COLLATE \"C\"");
  }

  @Test
  void keysAreTheUserAndTheClientIfOneIsGiven() {
    for (String query : List.of("", "?client_id=", "?client_id=c", "?client_id=c%2Fd")) {
      assertThat(generated("keyed", query)).isEqualTo("1");
    }
    assertThat(keys("keyed%")).containsExactly("keyed", "keyed/", "keyed/c", "keyed/c/d");
    assertThat(requested("keyed", "7")).isEqualTo("7");
    assertThat(stored("keyed/c").number()).isEqualTo("7");
    assertThat(user("keyed").post(REQUEST, body("\"\"", "9")).status()).isEqualTo(200);
    assertThat(stored("keyed/").number()).isEqualTo("9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"5.0|5/k", "1.25|1.25/k", "null|null/k", "true|1/k", "\"text\"|text/k"})
  void usersAreKnownByTheTextOfTheirSubject(String subject, String key) {
    long now = Instant.now().getEpochSecond();
    String token =
        Tokens.sign(
            "{\"sub\":%s,\"aud\":\"%s\",\"iat\":%d,\"exp\":%d}"
                .formatted(subject, Tokens.AUDIENCE, now, now + 60));
    ServiceClient client = new ServiceClient(server.uri(), "Bearer " + token);
    assertThat(client.get(GENERATE + "?client_id=k").body())
        .isEqualTo("{\"data\":{\"write_checkpoint\":\"1\"}}");
    assertThat(stored(key).number()).isEqualTo("1");
  }

  @Test
  void suppliedNumbersOnlyGrowAndGeneratedOnesFollowThem() {
    assertThat(requested("mono", "42")).isEqualTo("42");
    Stored first = stored("mono/c");
    assertThat(first.head()).matches("[0-9A-F]{8}/[0-9A-F]{8}");
    assertThat(first.requestedAt()).isPresent();

    assertThat(requested("mono", "41")).isEqualTo("42");
    assertThat(stored("mono/c")).isEqualTo(first);

    assertThat(requested("mono", "42")).isEqualTo("42");
    Stored again = stored("mono/c");
    assertThat(again.head()).isEqualTo(first.head());
    assertThat(again.requestedAt().orElseThrow()).isAfter(first.requestedAt().orElseThrow());

    assertThat(requested("mono", "43")).isEqualTo("43");
    Stored higher = stored("mono/c");
    assertThat(higher.head()).isGreaterThan(first.head());
    assertThat(higher.requestedAt().orElseThrow()).isAfter(again.requestedAt().orElseThrow());

    assertThat(generated("mono", "?client_id=c")).isEqualTo("44");
    Stored generated = stored("mono/c");
    assertThat(generated.head()).isGreaterThan(higher.head());
    assertThat(generated.requestedAt()).isEmpty();

    assertThat(requested("mono", "44")).isEqualTo("44");
    assertThat(stored("mono/c").requestedAt()).isPresent();
  }

  @Test
  void numbersEndAtTheGreatest() {
    assertThat(requested("most", "\"9223372036854775807\"")).isEqualTo("9223372036854775807");
    assertThat(generated("most", "?client_id=c")).isEqualTo("9223372036854775807");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9007199254740991|9007199254740991",
        "\"0000000000000000000000000000000000000000000000000000012\"|12",
        "1e3|1000",
        "12.00|12",
        "\"9223372036854775806\"|9223372036854775806"
      })
  void numbersAreDecimalTextsOrSafeIntegers(String sent, String stored) {
    assertThat(user("number " + stored).post(REQUEST, body("\"c\"", sent)).body())
        .isEqualTo("{\"data\":{\"checkpoint_request_id\":\"" + stored + "\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-1",
        "0.0",
        "1.5",
        "9007199254740992",
        "9007199254740993",
        "9223372036854775807",
        "1e400",
        "\"1e3\"",
        "\"+1\"",
        "\" 1\"",
        "\"1 \"",
        "\"-\"",
        "\"-1\"",
        "\"00\"",
        "\"0x10\"",
        "\"\u0661\"",
        "\"9223372036854775808\"",
        "\"-9223372036854775808\"",
        "{}",
        "[\"1\"]"
      })
  void everythingElseIsNoNumber(String sent) {
    Answer answer = user("no number").post(REQUEST, body("\"c\"", sent));
    assertThat(answer.refusal()).isEqualTo("400 PSYNC_S2001");
    assertThat(answer.json().at("/error/name").asText()).isEqualTo("ValidationError");
    assertThat(answer.json().at("/error/details").asText()).contains("checkpoint_request_id");
    assertThat(keys("no number%")).isEmpty();
  }

  @Test
  void aRequestNeedsBothMembersAndAClientIdThatIsText() {
    for (String clientId : List.of("null", "5", "true", "[\"c\"]", "{}")) {
      assertThat(user("shape").post(REQUEST, body(clientId, "1")).refusal())
          .as(clientId)
          .isEqualTo("400 PSYNC_S2001");
    }
    assertThat(user("shape").post(REQUEST, "{\"client_id\":\"c\"}").refusal())
        .isEqualTo("400 PSYNC_S2001");
    assertThat(user("shape").post(REQUEST, "{\"checkpoint_request_id\":1}").refusal())
        .isEqualTo("400 PSYNC_S2001");
    // What is wrong with it is said before who may send it.
    assertThat(new ServiceClient(server.uri(), "Token x").post(REQUEST, "{}").refusal())
        .isEqualTo("400 PSYNC_S2001");
    assertThat(
            new ServiceClient(server.uri(), "Token x").post(REQUEST, body("\"c\"", "1")).refusal())
        .isEqualTo("401 PSYNC_S2101");
    assertThat(keys("shape%")).isEmpty();
  }

  @Test
  void aKeyThatCannotBeStoredIsRefusedToItsCallerOnly() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(12);
    try {
      List<CompletableFuture<Answer>> tooLong = new ArrayList<>();
      List<CompletableFuture<Answer>> others = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String other = "beside " + i;
        tooLong.add(
            CompletableFuture.supplyAsync(
                () -> user("long").post(REQUEST, body("\"" + LONG + "\"", "1")), callers));
        others.add(CompletableFuture.supplyAsync(() -> user(other).get(GENERATE), callers));
      }
      for (CompletableFuture<Answer> answer : tooLong) {
        assertThat(answer.get().refusal()).isEqualTo("400 PSYNC_S2001");
      }
      for (CompletableFuture<Answer> answer : others) {
        assertThat(answer.get().body()).isEqualTo("{\"data\":{\"write_checkpoint\":\"1\"}}");
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void callersOfOneKeyAtOnceAllGetItsNumber() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(16);
    try {
      List<CompletableFuture<String>> numbers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        numbers.add(CompletableFuture.supplyAsync(() -> generated("crowd", ""), callers));
      }
      TreeSet<Long> distinct = new TreeSet<>();
      for (CompletableFuture<String> number : numbers) {
        distinct.add(Long.valueOf(number.get()));
      }
      // One for each batch, without gaps, however many callers a batch had.
      assertThat(distinct.first()).isEqualTo(1);
      assertThat(distinct.last()).isEqualTo(distinct.size());
      assertThat(stored("crowd").number()).isEqualTo(distinct.last().toString());
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void everyRequestIsFollowedByAMarkerAlsoAStaleOne() {
    String slot = "markers_" + source.name();
    source.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    try {
      List<String> heads = new ArrayList<>();
      for (String id : List.of("5", "5", "4")) {
        assertThat(requested("marked", id)).isEqualTo("5");
        heads.add(stored("marked/c").head());
      }
      generated("marked", "?client_id=c");
      heads.add(stored("marked/c").head());
      // A server that commits asynchronously shows them a little later.
      Await.until("four markers were made", SOON, () -> markers(slot).size() >= 4);
      List<String> markers = markers(slot);
      assertThat(markers).hasSize(4);
      for (int i = 0; i < markers.size(); i++) {
        assertThat(markers.get(i)).isGreaterThanOrEqualTo(heads.get(i));
      }
    } finally {
      source.execute("SELECT pg_drop_replication_slot('" + slot + "')");
    }
  }

  /**
   * Positions of the markers that a slot has seen, in the form of stored heads. Heartbeats are not
   * transactional and do not count.
   */
  private static List<String> markers(String slot) {
    return source.query(
        "SELECT upper(lpad(split_part(lsn::text, '/', 1), 8, '0') || '/'"
            + " || lpad(split_part(lsn::text, '/', 2), 8, '0'))"
            + " FROM pg_logical_slot_peek_binary_changes('"
            + slot
            + "', NULL, NULL, 'proto_version', '1', 'publication_names', 'powersync',"
            + " 'messages', 'true')"
            + " WHERE get_byte(data, 0) = ascii('M') AND get_byte(data, 1) = 1 AND position('\\x"
            + HexFormat.of().formatHex("powersync\0".getBytes(StandardCharsets.US_ASCII))
            + "'::bytea IN data) > 0 ORDER BY lsn");
  }

  @Test
  void aStreamHearsOfTheNumberOfItsOwnUserAndClient() {
    String who = "listening";
    try (StreamConnection stream =
        StreamConnection.ofUser(server.uri(), who, "{\"client_id\":\"c\"}")) {
      JsonNode first = StreamLines.line(stream).get("checkpoint");
      assertThat(first.has("write_checkpoint")).isFalse();
      generated(who, "");
      generated(who, "?client_id=other");
      assertThat(requested(who, "70")).isEqualTo("70");
      assertThat(announced(stream)).isEqualTo("70");
      assertThat(generated(who, "?client_id=c")).isEqualTo("71");
      assertThat(announced(stream)).isEqualTo("71");
    }
  }

  /** The next number that a line names. */
  private static String announced(StreamConnection stream) {
    while (true) {
      JsonNode line = StreamLines.line(stream);
      JsonNode number = line.path("checkpoint_diff").path("write_checkpoint");
      if (number.isTextual()) {
        return number.asText();
      }
    }
  }
}
