package org.powersync.jakarta.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client of {@code POST /sync/stream} that reads single bytes off a socket with a small buffer,
 * and may stop, or vanish, anywhere. It speaks HTTP/1.0, so that the body is nothing but lines.
 */
public final class RawStream implements AutoCloseable {
  private static final int BUFFER = 4096;

  private final Socket socket = new Socket();
  private final InputStream in;

  /** Connects, sends the request and reads the headers of the answer, which has to be 200. */
  public RawStream(URI service, String user, String body, Duration silence) throws IOException {
    socket.setReceiveBufferSize(BUFFER);
    socket.setSoTimeout((int) silence.toMillis());
    socket.connect(new InetSocketAddress(service.getHost(), service.getPort()));
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        """
        POST /sync/stream HTTP/1.0
        Authorization: Token %s
        Content-Type: application/json
        Content-Length: %d

        """
            .formatted(Tokens.user(user), content.length)
            .replace("\n", "\r\n");
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(content);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    String status = line();
    if (!status.contains(" 200 ")) {
      throw new IOException("refused: " + status);
    }
    while (!line().isBlank()) {
      // Nothing of interest in the headers.
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("ended in the headers");
      }
      line.append((char) b);
    }
    return line.toString();
  }

  /** So many bytes of the body, or fewer when it ends. */
  public byte[] read(int bytes) throws IOException {
    return in.readNBytes(bytes);
  }

  /** The complete lines in so many bytes of the body, or up to the completion of a checkpoint. */
  public List<String> lines(int bytes) throws IOException {
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int i = 0; i < bytes; i++) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("ended by the server");
      }
      line.write(b);
      if (b == '\n') {
        lines.add(line.toString(StandardCharsets.UTF_8));
        line.reset();
        if (lines.get(lines.size() - 1).contains("\"checkpoint_complete\"")) {
          break;
        }
      }
    }
    return lines;
  }

  /** Ends the connection without a word of farewell. */
  @Override
  public void close() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
