package org.powersync.jakarta.web;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.sync.rsocket.RSocketConnection;

/** One WebSocket connection: RSocket frames, each a binary message (sync API section 5). */
public final class SocketEndpoint extends Endpoint implements MessageHandler.Whole<ByteBuffer> {
  private static final Logger LOG = Logger.getLogger(SocketEndpoint.class.getName());

  /** Enough for a SETUP with its token. */
  private static final int SETUP_MESSAGE = 64 << 10;

  private SocketStreams sockets;
  private RSocketConnection connection;

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    sockets = CDI.current().select(SocketStreams.class).get();
    session.setMaxIdleTimeout(0);
    session.setMaxBinaryMessageBufferSize(SETUP_MESSAGE);
    session.setMaxTextMessageBufferSize(SETUP_MESSAGE);
    if (!sockets.offered()) {
      close(session);
      return;
    }
    connection = sockets.connected(new SocketTransport(session));
    session.addMessageHandler(ByteBuffer.class, this);
  }

  private static void close(Session session) {
    try {
      session.close(
          new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "No streams are served here"));
    } catch (IOException e) {
      LOG.log(Level.FINE, "The client was gone", e);
    }
  }

  @Override
  public void onMessage(ByteBuffer message) {
    connection.receive(message);
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    if (connection != null) {
      sockets.disconnected(connection);
    }
  }

  @Override
  public void onError(Session session, Throwable failure) {
    LOG.log(Level.FINE, "A WebSocket connection failed", failure);
    if (connection != null) {
      sockets.disconnected(connection);
    }
  }
}
