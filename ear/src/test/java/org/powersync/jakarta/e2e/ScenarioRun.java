package org.powersync.jakarta.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.powersync.jakarta.client.StreamConnection;
import org.powersync.jakarta.client.Tokens;
import org.powersync.jakarta.fixture.Await;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.server.LibertyServer;

/** One scenario against a freshly started server; stops at the first difference. */
final class ScenarioRun implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration LINE = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(70);
  private static final Duration QUIET = Duration.ofMillis(500);

  /** Beyond our limit, which sync API section 1 recommends to be higher than the reference's. */
  private static final int TOO_LONG = 16 << 20;

  private static final String ADMIN = "Bearer admin-token-1";
  private static final String PROBE_USER = "nobody-but-the-test";

  /** A step that this runner cannot do; the scenario counts as not supported. */
  static final class NotSupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSupported(String what) {
      super(what);
    }
  }

  /** Servers that live for seconds do not earn back what the optimising compiler costs. */
  private static final String FAST = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final Scenario scenario;
  private final String name;
  private final TestPostgres.Database source;
  private final String storageUri;
  private final LibertyServer server;
  private final Symbols symbols = new Symbols();
  private final LineMatcher matcher = new LineMatcher(symbols);
  private final Map<String, StreamConnection> streams = new HashMap<>();
  private final Map<String, ClientView> views = new HashMap<>();
  private String deployed;

  /**
   * @param server names the output folder of its server
   */
  ScenarioRun(Scenario scenario, String server) {
    this.scenario = scenario;
    this.name = server;
    this.deployed = scenario.config().orElse("");
    this.source = TestPostgres.shared().createDatabase("e2e_source");
    TestPostgres.Database storage = TestPostgres.shared().createDatabase("e2e_storage");
    source.execute("CREATE PUBLICATION powersync FOR ALL TABLES");
    source.execute(scenario.sourceSetup().toArray(String[]::new));
    this.storageUri = storage.uri();
    this.server = new LibertyServer(server, settings(scenario.config()), Map.of("JVM_ARGS", FAST));
  }

  /** Runs all steps; the first difference, or nothing. */
  Optional<String> run() {
    server.start();
    if (scenario.awaitActive()) {
      awaitActive();
    } else if (scenario.config().isEmpty()) {
      server.awaitReady();
    }
    int number = 0;
    for (JsonNode step : scenario.steps()) {
      Optional<String> difference = step(step);
      if (difference.isPresent()) {
        return Optional.of("step " + number + ", " + difference.get());
      }
      number++;
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    streams.values().forEach(StreamConnection::close);
    server.kill();
    dropSlots();
  }

  private Optional<String> step(JsonNode step) {
    if (step.has("sql")) {
      sql(step);
    } else if (step.has("open")) {
      return open(step.get("open"), step.get("response"));
    } else if (step.has("http")) {
      return http(step.get("http"), step.get("expect"));
    } else if (step.has("writeCheckpoint")) {
      JsonNode request = step.get("writeCheckpoint");
      String query =
          request.has("client_id") ? "?client_id=" + request.get("client_id").asText() : "";
      return answer(
          "GET", "/write-checkpoint2.json" + query, user(request), null, step.get("expect"));
    } else if (step.has("checkpointRequest")) {
      ObjectNode body = step.get("checkpointRequest").deepCopy();
      String token = user(body);
      body.remove("token");
      return answer("POST", "/sync/checkpoint-request", token, body.toString(), step.get("expect"));
    } else if (step.has("deploy")) {
      return deploy(step.get("deploy").asText(), step.get("expect"));
    } else if (step.has("expect")) {
      return expect(step.get("expect"));
    } else if (step.has("close")) {
      streams.remove(step.get("close").asText()).close();
    } else if (step.has("await")) {
      if (step.get("await").asText().equals("active")) {
        awaitActive();
      } else {
        awaitReplicated();
      }
    } else if (step.has("wait_ms")) {
      // The vector asks for nothing but time: any stream would do, none has to say a thing.
      Await.pause(Duration.ofMillis(step.get("wait_ms").asLong()));
    } else if (step.has("compact")) {
      compact();
    } else if (step.has("restart")) {
      JsonNode config = step.get("restart").path("config");
      server.stop();
      deployed = config.asText(scenario.config().orElse(deployed));
      server.configure(settings(config.isTextual() ? Optional.of(deployed) : scenario.config()));
      server.start();
      awaitActive();
    } else {
      throw new NotSupported("step " + step.fieldNames().next());
    }
    return Optional.empty();
  }

  private Optional<String> deploy(String config, JsonNode expect) {
    if (expect.path("status").asInt() == 200) {
      deployed = config;
    }
    return check(
        send(
            "POST",
            "/api/sync-rules/v1/deploy",
            Map.of("Authorization", ADMIN, "Content-Type", "application/yaml"),
            config),
        expect);
  }

  /** As an operator does it: by a process of its own, beside the service. */
  private void compact() {
    LibertyServer command =
        new LibertyServer(name + "-command", settings(scenario.config()), Map.of("JVM_ARGS", FAST));
    int code = command.command("compact");
    if (code != 0) {
      throw new IllegalStateException("compact ended with " + code + ", see " + command.output());
    }
  }

  private void sql(JsonNode step) {
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(step.path("autocommit").asBoolean());
      for (JsonNode each : step.get("sql")) {
        statement.execute(each.asText());
      }
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<String> open(JsonNode open, JsonNode response) {
    String token = ScenarioTokens.make(open.path("token"));
    Map<String, String> headers = new HashMap<>();
    headers.put("authorization", "Token " + token);
    open.path("headers")
        .fields()
        .forEachRemaining(
            header ->
                headers.put(
                    header.getKey().toLowerCase(java.util.Locale.ROOT),
                    header.getValue().asText().replace("$bearer", "Bearer " + token)));
    JsonNode body = open.path("body").deepCopy();
    for (JsonNode bucket : body.path("buckets")) {
      if (bucket.path("name").isTextual() && bucket.path("after").isTextual()) {
        ((ObjectNode) bucket)
            .put("name", symbols.resolve(bucket.get("name").asText()))
            .put("after", symbols.resolve(bucket.get("after").asText()));
      }
    }
    String query = open.path("query").asText();
    StreamConnection stream =
        StreamConnection.open(
            server.uri(),
            "/sync/stream" + (query.isEmpty() || query.startsWith("?") ? query : "?" + query),
            body.toString(),
            headers);
    if (stream.status() != response.path("status").asInt()) {
      return Optional.of(
          "open: expected status "
              + response.path("status")
              + ", found "
              + stream.status()
              + (stream.status() == 200 ? "" : " " + stream.errorBody()));
    }
    if (stream.status() != 200) {
      String text = stream.errorBody();
      return response.path("body").isObject()
          ? matcher.node("open", response.get("body"), parse(text))
          : Optional.empty();
    }
    streams.put(open.path("id").asText(), stream);
    views.put(open.path("id").asText(), new ClientView());
    return headers(response.path("headers"), name -> stream.header(name).orElse(null));
  }

  private static Optional<String> headers(
      JsonNode expected, java.util.function.UnaryOperator<String> actual) {
    for (Map.Entry<String, JsonNode> header : expected.properties()) {
      String found = actual.apply(header.getKey());
      if (!header.getValue().asText().equalsIgnoreCase(found)) {
        return Optional.of(
            "header " + header.getKey() + ": expected " + header.getValue() + ", found " + found);
      }
    }
    return Optional.empty();
  }

  private Optional<String> http(JsonNode http, JsonNode expect) {
    Map<String, String> headers = new HashMap<>();
    JsonNode auth = http.path("auth");
    if (auth.isTextual()) {
      headers.put("Authorization", auth.asText().equals("admin") ? ADMIN : auth.asText());
    } else if (auth.isObject()) {
      headers.put(
          "Authorization", http.path("scheme").asText("Token") + " " + ScenarioTokens.make(auth));
    }
    JsonNode body = http.get("body");
    String text = null;
    if (body != null && !body.isNull()) {
      headers.put("content-type", "application/json");
      text =
          body.has("$generated")
              ? "{\"client_id\":\"" + "x".repeat(TOO_LONG) + "\"}"
              : body.isTextual() ? body.asText() : body.toString();
    }
    http.path("headers")
        .fields()
        .forEachRemaining(header -> headers.put(header.getKey(), header.getValue().asText()));
    if (expect.path("body").has("$stream") || onlyNullIsWrong(http)) {
      return accepted(http.path("path").asText(), headers, text);
    }
    return check(
        send(http.path("method").asText(), http.path("path").asText(), headers, text), expect);
  }

  /** The reference refuses null for an optional member; sync API section 3 has us take it. */
  private static boolean onlyNullIsWrong(JsonNode http) {
    JsonNode body = http.path("body");
    return http.path("path").asText().equals("/sync/stream")
        && body.isObject()
        && body.size() == 1
        && body.iterator().next().isNull();
  }

  /** A request that begins a stream, which nobody reads. */
  private Optional<String> accepted(String path, Map<String, String> headers, String body) {
    try (StreamConnection stream = StreamConnection.open(server.uri(), path, body, headers)) {
      return stream.status() == 200
          ? Optional.empty()
          : Optional.of("expected a stream, found " + stream.status() + " " + stream.errorBody());
    }
  }

  private Optional<String> answer(
      String method, String path, String token, String body, JsonNode expect) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Authorization", "Token " + token);
    headers.put("Content-Type", "application/json");
    return check(send(method, path, headers, body), expect);
  }

  private Optional<String> check(HttpResponse<String> response, JsonNode expect) {
    if (response.statusCode() != expect.path("status").asInt() && !better(response, expect)) {
      return Optional.of(
          "expected status "
              + expect.path("status")
              + ", found "
              + response.statusCode()
              + " "
              + response.body());
    }
    Optional<String> headers =
        headers(expect.path("headers"), name -> response.headers().firstValue(name).orElse(null));
    JsonNode body = expect.path("body");
    if (headers.isPresent() || body.has("$stream") || body.has("$text") || body.isMissingNode()) {
      return headers;
    }
    String code = body.at("/error/code").asText();
    if (code.startsWith("FST_") || better(response, expect)) {
      return Optional.empty(); // another code with the same status is as good
    }
    return body.isContainerNode()
        ? matcher.node("body", body, parse(response.body()))
        : body.asText().equals(response.body())
            ? Optional.empty()
            : Optional.of("body: expected " + body + ", found " + response.body());
  }

  /**
   * Where the reference fails with a 500: on some bad input, which is the caller's fault, a 400;
   * and over the answer to very old clients, which has the form of sync API section 2.3.
   */
  private static boolean better(HttpResponse<String> response, JsonNode expect) {
    if (expect.path("status").asInt() != 500) {
      return false;
    }
    JsonNode answer = parse(response.body());
    return response.statusCode() == 400
        ? answer.at("/error/code").equals(expect.at("/body/error/code"))
        : response.statusCode() == 200
            && expect.at("/body/error/details").asText().contains("serialize a BigInt")
            && answer.at("/data/checkpoint").asText().matches("\\d+");
  }

  private Optional<String> expect(JsonNode expect) {
    String id = expect.path("id").asText();
    StreamConnection stream = streams.get(id);
    JsonNode until = expect.path("until");
    if (until.asText().equals("quiet")) {
      awaitReplicated();
    }
    boolean keepalives = expect.path("lines").toString().contains("token_expires_in");
    List<JsonNode> lines = new ArrayList<>();
    Optional<String> problem = read(stream, expect, keepalives, lines);
    if (problem.isPresent()) {
      return problem;
    }
    views.get(id).apply(lines);
    if (expect.has("state")) {
      return matcher.node("state of " + id, expect.get("state"), views.get(id).state());
    }
    return expect.has("net")
        ? matcher.node("net of " + id, expect.get("net"), renamed(ClientView.net(lines)))
        : matcher.lines(expect.path("lines"), lines).map(text -> "stream " + id + ", " + text);
  }

  /** Members named by bucket carry this run's version prefix: give them their symbol. */
  private ObjectNode renamed(ObjectNode net) {
    for (String part : List.of("buckets", "ops")) {
      ObjectNode named = JSON.createObjectNode();
      net.get(part)
          .fields()
          .forEachRemaining(
              each -> named.set(symbols.normalisedBucket(each.getKey()), each.getValue()));
      net.set(part, named);
    }
    return net;
  }

  private static Optional<String> read(
      StreamConnection stream, JsonNode expect, boolean keepalives, List<JsonNode> lines) {
    JsonNode until = expect.path("until");
    String wanted = until.path("writeCheckpoint").asText(null);
    int completions = until.path("complete").asInt(1);
    String announced = null;
    while (true) {
      boolean quiet = until.asText().equals("quiet");
      Optional<StreamConnection.Event> event = stream.next(quiet ? QUIET : LINE);
      if (event.isEmpty()) {
        return quiet ? Optional.empty() : Optional.of("no line within " + LINE + " after " + lines);
      }
      if (event.get() instanceof StreamConnection.End end) {
        return until.asText().equals("end")
                && end.clean() == expect.path("end").asText().equals("clean")
            ? Optional.empty()
            : Optional.of("stream ended, clean: " + end.clean() + ", after " + lines);
      }
      JsonNode line = ((StreamConnection.Line) event.get()).json();
      String kind = line.fieldNames().next();
      if (!kind.equals("token_expires_in") || keepalives) {
        lines.add(line);
      }
      switch (kind) {
        case "checkpoint", "checkpoint_diff" ->
            announced = line.get(kind).path("write_checkpoint").asText(null);
        case "checkpoint_complete" -> {
          boolean reached = wanted == null ? --completions == 0 : wanted.equals(announced);
          if (reached && (until.asText().equals("complete") || until.isObject())) {
            return Optional.empty();
          }
        }
        case "token_expires_in" -> {
          if (until.asText().equals("keepalive")) {
            return Optional.empty();
          }
        }
        default -> {}
      }
    }
  }

  /** Waits until the sync config deployed last serves. */
  private void awaitActive() {
    Await.until(
        "the sync config deployed last is active, see " + server.output(),
        Duration.ofSeconds(60),
        () -> {
          HttpResponse<String> answer =
              send(
                  "POST",
                  "/api/admin/v1/diagnostics",
                  Map.of("Authorization", ADMIN, "Content-Type", "application/json"),
                  "{\"sync_rules_content\":true}");
          JsonNode status = parse(answer.body()).path("data");
          if (answer.statusCode() != 200
              || status.hasNonNull("deploying_sync_rules")
              || !deployed.equals(status.at("/active_sync_rules/content").asText())) {
            return false;
          }
          try (StreamConnection probe = probe()) {
            return probe.status() == 200;
          }
        });
  }

  /** Asks for a write checkpoint of a user nobody is, and waits until it is reported. */
  private void awaitReplicated() {
    Map<String, String> headers = Map.of("Authorization", "Token " + Tokens.user(PROBE_USER));
    String number =
        parse(send("GET", "/write-checkpoint2.json", headers, null).body())
            .at("/data/write_checkpoint")
            .asText();
    try (StreamConnection probe = probe()) {
      while (true) {
        StreamConnection.Event event =
            probe.next(LINE).orElseThrow(() -> new AssertionError("nothing replicated"));
        if (!(event instanceof StreamConnection.Line line)) {
          throw new AssertionError("probe stream ended");
        }
        String text = line.text();
        if (text.contains("\"write_checkpoint\":\"" + number + "\"")) {
          return;
        }
      }
    }
  }

  private StreamConnection probe() {
    return StreamConnection.ofUser(server.uri(), PROBE_USER, "{}");
  }

  private static String user(JsonNode request) {
    return ScenarioTokens.make(request.path("token"));
  }

  private HttpResponse<String> send(
      String method, String path, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::setHeader);
    try {
      // The request's own time limit ends with the headers of the answer.
      return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
          .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String settings(Optional<String> config) {
    return ServiceSettings.of(source.uri(), storageUri, config, scenario.service());
  }

  private void dropSlots() {
    Await.until(
        "slots are free",
        Duration.ofSeconds(20),
        () -> {
          try (Connection connection = source.connect();
              Statement statement = connection.createStatement()) {
            statement.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE database = current_database()");
            return true;
          }
        });
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }
}
