package org.powersync.jakarta.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Plain sockets for the driver. A name is resolved once, before {@code connect}; the resolved
 * address is checked and is the one connected to, so that a changed DNS answer cannot get around
 * the check. The name stays with the driver for TLS. Created by the driver, by class name.
 */
public final class RestrictedSocketFactory extends SocketFactory {
  private static final int KEEPALIVE_IDLE_SECONDS = 40;

  private final SocketPolicy policy;

  public RestrictedSocketFactory(String policyName) {
    policy = SocketPolicy.named(policyName);
  }

  @Override
  public Socket createSocket() {
    return new RestrictedSocket(policy);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connect(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connect(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
  }

  private Socket connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
    Socket socket = createSocket();
    try {
      if (local != null) {
        socket.bind(local);
      }
      socket.connect(remote);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static final class RestrictedSocket extends Socket {
    private final SocketPolicy policy;

    RestrictedSocket(SocketPolicy policy) {
      this.policy = policy;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      InputStream input = super.getInputStream();
      return policy.incoming().map(data -> data.of(this, input)).orElse(input);
    }

    /** The driver knows whole seconds only, so the policy's limit stands instead of its own. */
    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
      if (endpoint instanceof InetSocketAddress address && !address.isUnresolved()) {
        try {
          policy.restriction().check(address.getAddress());
        } catch (PowerSyncException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
      SocketOption<Integer> idle = ExtendedSocketOptions.TCP_KEEPIDLE;
      if (supportedOptions().contains(idle)) {
        setOption(idle, KEEPALIVE_IDLE_SECONDS);
      }
      super.connect(endpoint, Math.toIntExact(policy.connectTimeout().toMillis()));
    }
  }
}
