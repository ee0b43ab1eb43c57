package org.powersync.jakarta.web;

import jakarta.websocket.Session;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.sync.rsocket.FrameTransport;

/** Frames as binary messages of a WebSocket session. */
final class SocketTransport implements FrameTransport {
  private static final Logger LOG = Logger.getLogger(SocketTransport.class.getName());

  /** As long as the server gives an HTTP client that does not read. */
  private static final int SEND_SECONDS = 60;

  /** Enough for what a frame has around its payload. */
  private static final int FRAME = 1 << 10;

  private final Session session;

  SocketTransport(Session session) {
    this.session = session;
  }

  @Override
  public void send(ByteBuffer frame) throws IOException {
    try {
      session.getAsyncRemote().sendBinary(frame).get(SEND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | IllegalStateException | IllegalArgumentException e) {
      throw new IOException("the message could not be sent", e);
    } catch (TimeoutException e) {
      throw new IOException("the client has stopped reading", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while sending");
    }
  }

  @Override
  public void allow(int bytes) {
    session.setMaxBinaryMessageBufferSize(bytes + FRAME);
  }

  @Override
  public void close() {
    try {
      if (session.isOpen()) {
        session.close();
      }
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.FINE, "The session was closed already", e);
    }
  }
}
