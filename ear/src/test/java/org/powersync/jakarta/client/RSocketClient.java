package org.powersync.jakarta.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bson.RawBsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * A bare RSocket client over WebSocket, sending the frames the JavaScript SDK sends. What the
 * server sends waits in a queue, in short: {@code NEXT checkpoint}, {@code COMPLETE}, {@code ERROR
 * stream code text}, {@code KEEPALIVE data}, {@code CLOSED}.
 */
public final class RSocketClient implements AutoCloseable {
  /** Flag of a frame that brings metadata. */
  public static final int METADATA = 0x100;

  private static final String JSON = "application/json";
  private static final int RESPOND = 0x80;
  private static final JsonWriterSettings PLAIN =
      JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

  /** A frame in short, with the content of an item. */
  private record Received(String text, String json) {}

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final Messages socket;
  private String line;

  /** What carries frames to the server, each as a message. */
  private interface Messages extends AutoCloseable {
    void send(byte[] message) throws IOException;

    @Override
    void close();
  }

  /** Connects; nothing is sent yet. */
  public RSocketClient(URI service, String path) {
    socket = new PlainSocket(URI.create("ws://" + service.getAuthority() + path));
  }

  private RSocketClient(DeflatingSocket.Opening opening) throws IOException {
    DeflatingSocket deflating = opening.open(this::message, this::closed);
    socket =
        new Messages() {
          @Override
          public void send(byte[] message) throws IOException {
            deflating.send(message);
          }

          @Override
          public void close() {
            deflating.close();
          }
        };
  }

  /** Connects, offering the extension {@code permessage-deflate}. */
  public static RSocketClient offeringDeflate(URI service, String path) throws IOException {
    return new RSocketClient(
        (messages, closed) -> new DeflatingSocket(service, path, messages, closed));
  }

  private void message(byte[] message) {
    received.add(describe(ByteBuffer.wrap(message)));
  }

  private void closed() {
    received.add(new Received("CLOSED", null));
  }

  /** Introduces itself with a token, such as {@code Token …}. */
  public RSocketClient setup(String token) {
    byte[] metadata = bytes("{\"token\":\"" + token + "\",\"user_agent\":\"powersync-test/1\"}");
    return setup(METADATA, JSON, JSON, metadata);
  }

  /**
   * Introduces itself in another way.
   *
   * @param metadata left out unless the flags say it is there
   */
  public RSocketClient setup(int flags, String metadataType, String dataType, byte[] metadata) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        ByteBuffer.allocate(12).putInt(0x00010000).putInt(20_000).putInt(90_000).array());
    for (String type : List.of(metadataType, dataType)) {
      body.write(type.length());
      body.writeBytes(bytes(type));
    }
    if ((flags & METADATA) != 0) {
      body.writeBytes(withLength(metadata));
    }
    return send(0, 0x01, flags, body.toByteArray());
  }

  /** Asks for a sync stream. */
  public RSocketClient requestStream(int id, int items, String path, String request) {
    return requestStream(id, items, bytes("{\"path\":\"" + path + "\"}"), bytes(request));
  }

  /** Asks for a sync stream with metadata of another kind. */
  public RSocketClient requestStream(int id, int items, byte[] metadata, byte[] request) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ByteBuffer.allocate(4).putInt(items).array());
    body.writeBytes(withLength(metadata));
    body.writeBytes(request);
    return send(id, 0x06, METADATA, body.toByteArray());
  }

  public RSocketClient requestMore(int id, int items) {
    return send(id, 0x08, 0, ByteBuffer.allocate(4).putInt(items).array());
  }

  public RSocketClient cancel(int id) {
    return send(id, 0x09, 0, new byte[0]);
  }

  public RSocketClient keepAlive(String data) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[8]);
    body.writeBytes(bytes(data));
    return send(0, 0x03, RESPOND, body.toByteArray());
  }

  /** Any message at all. One that comes after the server has closed the connection is lost. */
  public RSocketClient send(byte[] frame) {
    try {
      socket.send(frame);
    } catch (IOException e) {
      closed();
    }
    return this;
  }

  /** Any frame. */
  public RSocketClient send(int id, int type, int flags, byte[] body) {
    return send(
        ByteBuffer.allocate(6 + body.length)
            .putInt(id)
            .putShort((short) (type << 10 | flags))
            .put(body)
            .array());
  }

  /** What comes next; {@code nothing} when nothing comes in time. */
  public String next(Duration timeout) throws InterruptedException {
    Received next = received.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      return "nothing";
    }
    line = next.json();
    return next.text();
  }

  /** The content of the item that {@link #next} gave last. */
  public JsonNode line() {
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + line, e);
    }
  }

  private static Received describe(ByteBuffer frame) {
    int id = frame.getInt();
    int typeAndFlags = Short.toUnsignedInt(frame.getShort());
    boolean item = typeAndFlags >> 10 == 0x0a && (typeAndFlags & 0x20) != 0;
    if (item) {
      RawBsonDocument line = new RawBsonDocument(rest(frame));
      return new Received("NEXT " + line.getFirstKey(), line.toJson(PLAIN));
    }
    String text =
        switch (typeAndFlags >> 10) {
          case 0x03 -> "KEEPALIVE " + text(frame.position(frame.position() + 8));
          case 0x0a -> "COMPLETE";
          case 0x0b ->
              "ERROR " + id + " " + Integer.toHexString(frame.getInt()) + " " + text(frame);
          default -> "TYPE " + (typeAndFlags >> 10);
        };
    return new Received(text, null);
  }

  private static byte[] rest(ByteBuffer frame) {
    byte[] rest = new byte[frame.remaining()];
    frame.get(rest);
    return rest;
  }

  private static String text(ByteBuffer frame) {
    return new String(rest(frame), StandardCharsets.UTF_8);
  }

  private static byte[] withLength(byte[] metadata) {
    return ByteBuffer.allocate(3 + metadata.length)
        .put((byte) (metadata.length >> 16))
        .putShort((short) metadata.length)
        .put(metadata)
        .array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    socket.close();
  }

  /** The WebSocket client of the JDK, which knows no compression. */
  private final class PlainSocket implements Messages, WebSocket.Listener {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final WebSocket socket;

    private PlainSocket(URI uri) {
      socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, this).join();
    }

    @Override
    public void send(byte[] frame) throws IOException {
      try {
        socket.sendBinary(ByteBuffer.wrap(frame), true).join();
      } catch (CompletionException e) {
        throw new IOException(e.getCause());
      }
    }

    @Override
    public void close() {
      socket.abort();
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      message.writeBytes(part);
      if (last) {
        RSocketClient.this.message(message.toByteArray());
        message.reset();
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      closed();
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      closed();
    }
  }
}
