package org.powersync.jakarta.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A reverse proxy for HTTP/1.1 that holds answers back as nginx does with its defaults: their bytes
 * go on when 64 KiB have come or the answer ends. An answer that says {@code X-Accel-Buffering: no}
 * goes on as it comes. One request a connection.
 */
public final class BufferingProxy implements AutoCloseable {
  private static final int BUFFERS = 64 << 10;
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final URI upstream;
  private final boolean heeding;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param heeding false for a proxy that holds every answer back, whatever it says
   */
  public BufferingProxy(URI upstream, boolean heeding) {
    this.upstream = upstream;
    this.heeding = heeding;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        start(() -> serve(client));
      }
    } catch (IOException e) {
      // The proxy is closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
      open.add(client);
      open.add(server);
      start(() -> forward(client, server));
      answer(server.getInputStream(), client.getOutputStream());
    } catch (IOException e) {
      // One side is gone, and both are closed.
    }
  }

  private static void forward(Socket client, Socket server) {
    try (server) {
      client.getInputStream().transferTo(server.getOutputStream());
    } catch (IOException e) {
      // As above.
    }
  }

  private void answer(InputStream in, OutputStream out) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith(END_OF_HEAD)) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      head.write(next);
    }
    head.writeTo(out);
    String headers = head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (heeding && headers.contains("\r\nx-accel-buffering: no\r\n")) {
      in.transferTo(out);
      return;
    }
    for (byte[] held = in.readNBytes(BUFFERS); held.length > 0; held = in.readNBytes(BUFFERS)) {
      out.write(held);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "buffering-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
