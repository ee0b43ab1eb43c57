package org.powersync.jakarta.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Requests to one service under one {@code Authorization}, and their answers as they come. */
public record ServiceClient(URI service, String authorization) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An answer as text. */
  public record Answer(int status, String body) {
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException("not JSON: " + body, e);
      }
    }

    /** What is in the usual envelope. */
    public JsonNode data() {
      return json().path("data");
    }

    /** Status and code of a refusal, such as {@code 422 PSYNC_S4104}. */
    public String refusal() {
      return status + " " + json().at("/error/code").asText();
    }
  }

  /** The client of a user. */
  public static ServiceClient ofUser(URI service, String user) {
    return new ServiceClient(service, "Token " + Tokens.user(user));
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  /** Posts nothing, of no type. */
  public Answer post(String path) {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  /** Posts JSON. */
  public Answer post(String path, String json) {
    return post(path, "application/json", json);
  }

  public Answer post(String path, String contentType, String body) {
    return send(
        request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(service.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", authorization);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
