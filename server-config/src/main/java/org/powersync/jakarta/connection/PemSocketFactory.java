package org.powersync.jakarta.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS sockets for the driver, from the PEM texts of the configuration. The driver is told to
 * require TLS; chain and name are checked here. Created by the driver, by class name.
 */
public final class PemSocketFactory extends SSLSocketFactory {
  private final TlsSockets tls;

  public PemSocketFactory(String policyName) {
    tls = SocketPolicy.named(policyName).tls();
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return tls.secure(socket, host, port, autoClose);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.defaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.supportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw onlyOverConnected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw onlyOverConnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw onlyOverConnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw onlyOverConnected();
  }

  private static SocketException onlyOverConnected() {
    return new SocketException("TLS is only set up over a connected socket");
  }
}
