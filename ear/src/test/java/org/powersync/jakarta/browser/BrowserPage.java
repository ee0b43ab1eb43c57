package org.powersync.jakarta.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.powersync.jakarta.fixture.Await;

/**
 * A tab of {@link Chromium}, used as a person would: by labels, texts and ids. Keeps what the page
 * complains about, violations of its security policy among them. For one thread.
 */
public final class BrowserPage implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int WIDTH = 1080;

  private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final WebSocket socket;
  private final String session;
  private int last;

  BrowserPage(URI devTools, URI address) {
    socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(devTools, new Answers()).join();
    String target = call("Target.createTarget", null, Map.of("url", "about:blank"), "targetId");
    session =
        call(
            "Target.attachToTarget",
            null,
            Map.of("targetId", target, "flatten", true),
            "sessionId");
    call("Runtime.enable", Map.of());
    call("Log.enable", Map.of());
    call("Accessibility.enable", Map.of());
    call("Page.navigate", Map.of("url", address.toString()));
  }

  /** The value of an expression as JSON has it. */
  public JsonNode evaluate(String script) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
    }
    return answer.at("/result/value");
  }

  /** The text a person sees in an element; nothing while it is hidden. */
  public String text(String id) {
    return evaluate("document.getElementById('%s')?.innerText ?? ''".formatted(id)).asText();
  }

  /** Replaces the content of a field. */
  public void fill(String id, String text) {
    try {
      evaluate(
          "document.getElementById('%s').value = %s".formatted(id, JSON.writeValueAsString(text)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Presses the button with this text. */
  public void press(String button) {
    evaluate(
        "[...document.querySelectorAll('button')].find(b => b.innerText === '%s').click()"
            .formatted(button));
  }

  public void awaitText(String id, String text) {
    Await.until(
        () -> id + " says " + text + "; it says " + text(id) + "; " + complaints,
        SOON,
        () -> text(id).contains(text));
  }

  /** What those who do not see the page hear of its elements of these roles, in order. */
  public List<String> names(String... roles) {
    List<String> names = new ArrayList<>();
    for (JsonNode node : call("Accessibility.getFullAXTree", Map.of()).get("nodes")) {
      if (List.of(roles).contains(node.at("/role/value").asText())) {
        names.add(node.at("/name/value").asText());
      }
    }
    return names;
  }

  /** Writes a picture of the whole page, for people to look at. */
  public void picture(Path file) {
    int height = evaluate("document.documentElement.scrollHeight").asInt();
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", WIDTH, "height", height, "deviceScaleFactor", 1, "mobile", false));
    String png = call("Page.captureScreenshot", Map.of("format", "png")).get("data").asText();
    try {
      Files.write(file, Base64.getDecoder().decode(png));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Errors the page ran into, in its order. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Takes out the complaints that a test provokes. */
  public void forgetComplaints(String about) {
    complaints.removeIf(complaint -> complaint.contains(about));
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    return call(method, session, parameters);
  }

  private String call(String method, String session, Map<String, ?> parameters, String member) {
    return call(method, session, parameters).get(member).asText();
  }

  private JsonNode call(String method, String session, Map<String, ?> parameters) {
    last++;
    ObjectNode message = JSON.createObjectNode().put("id", last).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (session != null) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(last, answer);
    socket.sendText(message.toString(), true).join();
    JsonNode answered = answer.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    if (answered.has("error")) {
      throw new IllegalStateException(method + ": " + answered.get("error"));
    }
    return answered.get("result");
  }

  @Override
  public void close() {
    socket.abort();
  }

  /** Takes messages apart: answers to their askers, complaints to the list. */
  private final class Answers implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean end) {
      message.append(data);
      if (end) {
        try {
          accept(JSON.readTree(message.toString()));
        } catch (JsonProcessingException e) {
          throw new IllegalStateException(e);
        } finally {
          message.setLength(0);
        }
      }
      webSocket.request(1);
      return null;
    }

    private void accept(JsonNode received) {
      if (received.has("id")) {
        pending.remove(received.get("id").asInt()).complete(received);
      } else if (received.path("method").asText().equals("Runtime.exceptionThrown")) {
        complaints.add(received.at("/params/exceptionDetails").toString());
      } else if (received.at("/params/entry/level").asText().equals("error")) {
        complaints.add(received.at("/params/entry/text").asText());
      }
    }
  }
}
