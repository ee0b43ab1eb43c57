package org.powersync.jakarta.replication.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a server of this machine, and can become a black hole: bytes vanish
 * in both directions, without a reset. A connection that lost bytes never works again.
 */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket listener;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean swallowing;
  private volatile boolean closed;

  TcpProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Connections until now. */
  int accepted() {
    return accepted.get();
  }

  /** From now on nothing passes, or new connections pass again. */
  void swallow(boolean vanish) {
    swallowing = vanish;
  }

  /** Cuts all connections with a reset, as a firewall or a failing host may. */
  void reset() throws IOException {
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
    sockets.clear();
  }

  private void accept() throws IOException {
    while (!closed) {
      Socket client = listener.accept();
      accepted.incrementAndGet();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(client);
      sockets.add(server);
      Connection connection = new Connection();
      start("to server", () -> connection.pump(client, server));
      start("to client", () -> connection.pump(server, client));
    }
  }

  /** Both directions of one connection. */
  private final class Connection {
    private volatile boolean dead;

    void pump(Socket from, Socket to) throws IOException {
      byte[] buffer = new byte[BUFFER];
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        dead |= swallowing;
        if (!dead) {
          out.write(buffer, 0, count);
        }
      }
      if (!dead) {
        to.close();
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // A closed socket ends its pump; who used it notices by itself.
              }
            },
            "proxy " + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
