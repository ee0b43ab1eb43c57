package org.powersync.jakarta.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.bson.RawBsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * A bare client of {@code POST /sync/stream}: every line as it stands on the wire. A thread of its
 * own reads; lines wait in a queue.
 */
public final class StreamConnection implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BSON = "application/vnd.powersync.bson-stream";
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** What a stream gives: a line, or the end of the body. */
  public sealed interface Event {}

  /** A line as text, and when it was read ({@link System#nanoTime}). */
  public record Line(String text, long readNanos) implements Event {
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new IllegalStateException("not JSON: " + text, e);
      }
    }
  }

  /** No more lines; {@code clean} when the chunked body ended regularly. */
  public record End(boolean clean) implements Event {}

  private final HttpResponse<InputStream> response;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private StreamConnection(HttpResponse<InputStream> response) {
    this.response = response;
  }

  /** Sends the request; returns when the status is known. */
  public static StreamConnection open(
      URI service, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::setHeader);
    try {
      StreamConnection connection =
          new StreamConnection(
              HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
      if (connection.status() == 200) {
        Thread reader = new Thread(connection::read, "read-stream");
        reader.setDaemon(true);
        reader.start();
      }
      return connection;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Opens the stream of a user, for lines of JSON. */
  public static StreamConnection ofUser(URI service, String user, String body) {
    return open(
        service, "/sync/stream", body, Map.of("Authorization", "Token " + Tokens.user(user)));
  }

  public int status() {
    return response.statusCode();
  }

  public Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /** The body of a refusal. */
  public String errorBody() {
    try (InputStream body = decoded()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next event, or empty when none comes in time. */
  public Optional<Event> next(Duration timeout) {
    try {
      return Optional.ofNullable(events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    boolean clean = false;
    try (InputStream body = decoded()) {
      if (header("Content-Type").filter(BSON::equals).isPresent()) {
        readDocuments(body);
      } else {
        readLines(body);
      }
      clean = true;
    } catch (IOException e) {
      clean = false;
    } finally {
      events.add(new End(clean));
    }
  }

  private void readLines(InputStream body) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      events.add(new Line(line, System.nanoTime()));
    }
  }

  /** Documents as JSON text, whatever integer type a number has. */
  private void readDocuments(InputStream body) throws IOException {
    JsonWriterSettings plain = JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();
    for (byte[] head = body.readNBytes(Integer.BYTES);
        head.length == Integer.BYTES;
        head = body.readNBytes(Integer.BYTES)) {
      int length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
      byte[] document = Arrays.copyOf(head, length);
      if (body.readNBytes(document, Integer.BYTES, length - Integer.BYTES)
          < length - Integer.BYTES) {
        throw new EOFException("in the middle of a document");
      }
      events.add(new Line(new RawBsonDocument(document).toJson(plain), System.nanoTime()));
    }
  }

  private InputStream decoded() throws IOException {
    return switch (header("Content-Encoding").orElse("identity")) {
      case "gzip" -> new WhatIsThere(new GZIPInputStream(response.body()));
      case "zstd" -> new WhatIsThere(new ZstdInputStream(response.body()).setContinuous(true));
      default -> response.body();
    };
  }

  /** Decompressors always claim that more can be read at once, and a reader would wait for it. */
  private static final class WhatIsThere extends FilterInputStream {
    private WhatIsThere(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 0;
    }
  }
}
