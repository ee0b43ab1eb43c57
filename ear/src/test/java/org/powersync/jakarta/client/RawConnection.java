package org.powersync.jakarta.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP/1.1 connection byte for byte, for requests that other clients do not send and answers
 * that they do not show. The thread of the test reads.
 */
public final class RawConnection implements AutoCloseable {
  private static final int LINE_END = '\n';

  private final Socket socket = new Socket();
  private final InputStream in;

  /**
   * An answer up to its body.
   *
   * @param headers by name in lower case
   */
  public record Head(int status, Map<String, String> headers) {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  public RawConnection(URI service, Duration patience) throws IOException {
    this(service, patience, 0);
  }

  private RawConnection(URI service, Duration patience, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(service.getHost(), service.getPort()));
    socket.setSoTimeout((int) patience.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A connection that takes next to nothing before it is read. */
  public static RawConnection narrow(URI service, Duration patience) throws IOException {
    return new RawConnection(service, patience, 4096);
  }

  /** Sends a request, or part of one; lines may end in a line feed alone. */
  public RawConnection send(String head, byte[] body) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        head.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(body);
    socket.getOutputStream().write(request.toByteArray());
    return this;
  }

  /** Reads status line and headers. */
  public Head head() throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new IOException("no status line: " + status);
    }
    Map<String, String> headers = new HashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
    }
    return new Head(Integer.parseInt(status.split(" ")[1]), headers);
  }

  /** Reads the body that belongs to a head, to its regular end. */
  public String body(Head head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (head.header("Transfer-Encoding").isPresent()) {
      for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        body.writeBytes(chunk);
      }
    } else {
      int length = Integer.parseInt(head.header("Content-Length").orElse("0"));
      body.writeBytes(exactly(length));
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  /** Reads the next part of a chunked body; empty at its regular end. */
  public byte[] chunk() throws IOException {
    byte[] chunk = exactly(Integer.parseInt(line(), 16));
    line();
    return chunk;
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection ended in the middle of a body");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != LINE_END; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended in the middle of an answer");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
