package org.powersync.jakarta.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.powersync.jakarta.client.StreamConnection.Event;

/**
 * Many clients of {@code POST /sync/stream} on the machine of the server, which take little of it:
 * one thread reads all their sockets and notes when each line came.
 */
public final class SocketStreams implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final URI service;
  private final Selector selector;
  private final Queue<SocketStream> opened = new ConcurrentLinkedQueue<>();
  private final Thread reader = new Thread(this::read, "read-streams");
  private volatile boolean closed;

  public SocketStreams(URI service) {
    this.service = service;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader.setDaemon(true);
    reader.start();
  }

  /** Opens the stream of a user, for lines of JSON; returns when it was answered. */
  public SocketStream open(String user, String body) {
    try {
      SocketStream stream = new SocketStream(SocketChannel.open(address()));
      stream.request(user, body);
      opened.add(stream);
      selector.wakeup();
      return stream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(service.getHost(), service.getPort());
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      while (!closed) {
        selector.select();
        for (SocketStream stream = opened.poll(); stream != null; stream = opened.poll()) {
          stream.channel.configureBlocking(false);
          stream.channel.register(selector, SelectionKey.OP_READ, stream);
        }
        for (SelectionKey key : selector.selectedKeys()) {
          ((SocketStream) key.attachment()).read(buffer);
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the streams that are open. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      reader.join();
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of them. */
  public static final class SocketStream {
    private static final int SIZE = -1;
    private static final int CHUNK_END = -2;

    private final SocketChannel channel;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * Bytes of the chunk at hand; or in the line that says its size, or in the one that ends it.
     */
    private int left = SIZE;

    private int size;

    private SocketStream(SocketChannel channel) {
      this.channel = channel;
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

    private void request(String user, String body) throws IOException {
      String request =
          """
          POST /sync/stream HTTP/1.1
          Host: localhost
          Authorization: Token %s
          Content-Type: application/json
          Content-Length: %d

          %s"""
              .formatted(Tokens.user(user), body.length(), body)
              .replace("\n", "\r\n");
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      String head = head();
      if (!head.startsWith("HTTP/1.1 200 ")) {
        throw new IOException("refused: " + head);
      }
    }

    private String head() throws IOException {
      StringBuilder head = new StringBuilder();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (head.indexOf("\r\n\r\n") < 0) {
        if (channel.read(one.clear()) < 0) {
          throw new IOException("ended in its head: " + head);
        }
        head.append((char) one.get(0));
      }
      return head.toString();
    }

    private void read(ByteBuffer buffer) throws IOException {
      int count = channel.read(buffer.clear());
      long now = System.nanoTime();
      if (count < 0) {
        end(false);
        return;
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        take(buffer.get(), now);
      }
    }

    private void take(byte b, long now) throws IOException {
      if (left > 0) {
        left--;
        if (b == '\n') {
          events.add(new StreamConnection.Line(line.toString(StandardCharsets.UTF_8), now));
          line.reset();
        } else {
          line.write(b);
        }
        if (left == 0) {
          left = CHUNK_END;
        }
      } else if (b != '\n') {
        int digit = Character.digit(b, 16);
        size = digit < 0 ? size : size * 16 + digit;
      } else if (left == CHUNK_END) {
        left = SIZE;
      } else if (size == 0) {
        end(true);
      } else {
        left = size;
        size = 0;
      }
    }

    private void end(boolean clean) throws IOException {
      channel.close();
      events.add(new StreamConnection.End(clean));
    }
  }
}
