package org.powersync.jakarta.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A WebSocket connection that offers the extension {@code permessage-deflate}, as browsers do and
 * the client of the JDK does not. The server may decline it. Sends messages uncompressed.
 */
final class DeflatingSocket implements AutoCloseable {
  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int OPCODE = 0x0f;
  private static final int CLOSE = 8;
  private static final int MASKED = 0x80;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;

  /** What a sender leaves out at the end of each compressed message. */
  private static final byte[] TAIL = {0, 0, -1, -1};

  /** How one is opened, once it is known where its messages go. */
  @FunctionalInterface
  interface Opening {
    DeflatingSocket open(Consumer<byte[]> messages, Runnable closed) throws IOException;
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final Inflater inflater = new Inflater(true);

  /**
   * Connects.
   *
   * @param messages gets each message, on a thread of this connection
   * @param closed runs when no more will come
   */
  DeflatingSocket(URI service, String path, Consumer<byte[]> messages, Runnable closed)
      throws IOException {
    socket = new Socket(service.getHost(), service.getPort());
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    out.write(
        ("""
        GET %s HTTP/1.1
        Host: %s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover

        """
                .formatted(path, service.getAuthority())
                .replace("\n", "\r\n"))
            .getBytes(StandardCharsets.US_ASCII));
    String head = head().toLowerCase(Locale.ROOT);
    if (!head.startsWith("http/1.1 101")) {
      throw new IOException("no WebSocket: " + head);
    }
    Thread reader = new Thread(() -> read(messages, closed), "read-socket");
    reader.setDaemon(true);
    reader.start();
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  /** Sends one binary message. */
  void send(byte[] message) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(14 + message.length);
    frame.put((byte) (FINAL | 2));
    if (message.length < SHORT_LENGTH) {
      frame.put((byte) (MASKED | message.length));
    } else if (message.length <= 0xffff) {
      frame.put((byte) (MASKED | SHORT_LENGTH)).putShort((short) message.length);
    } else {
      frame.put((byte) (MASKED | LONG_LENGTH)).putLong(message.length);
    }
    // A mask of zeros leaves the message as it is.
    frame.putInt(0).put(message);
    out.write(frame.array(), 0, frame.position());
  }

  private void read(Consumer<byte[]> messages, Runnable closed) {
    try {
      while (true) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int first = in.readUnsignedByte();
        int head = first;
        message.writeBytes(payload());
        if ((head & OPCODE) == CLOSE) {
          break;
        }
        while ((head & FINAL) == 0) {
          head = in.readUnsignedByte();
          message.writeBytes(payload());
        }
        boolean compressed = (first & COMPRESSED) != 0;
        messages.accept(compressed ? inflate(message) : message.toByteArray());
      }
    } catch (IOException | DataFormatException e) {
      // Nothing more comes.
    } finally {
      closed.run();
    }
  }

  private byte[] payload() throws IOException {
    int length = in.readUnsignedByte();
    if (length == SHORT_LENGTH) {
      length = in.readUnsignedShort();
    } else if (length == LONG_LENGTH) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    return payload;
  }

  private byte[] inflate(ByteArrayOutputStream message) throws DataFormatException {
    message.writeBytes(TAIL);
    inflater.setInput(message.toByteArray());
    ByteArrayOutputStream inflated = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    for (int length = inflater.inflate(part); length > 0; length = inflater.inflate(part)) {
      inflated.write(part, 0, length);
    }
    return inflated.toByteArray();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
