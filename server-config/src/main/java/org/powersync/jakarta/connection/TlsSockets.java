package org.powersync.jakarta.connection;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Puts TLS over connected sockets as the settings say: chain and, under {@code verify-full}, name.
 * Immutable, safe for all threads.
 */
final class TlsSockets {
  private final SSLContext context;
  private final TlsSettings settings;

  private TlsSockets(SSLContext context, TlsSettings settings) {
    this.context = context;
    this.settings = settings;
  }

  /**
   * Reads the certificates and keys.
   *
   * @throws PowerSyncException PSYNC_S1109 naming the {@code key} whose PEM text is not usable
   */
  static TlsSockets of(TlsSettings settings) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(settings), trust(settings).getTrustManagers(), null);
      return new TlsSockets(context, settings);
    } catch (GeneralSecurityException | IOException e) {
      throw new PowerSyncException(ErrorCode.PSYNC_S1109, "TLS cannot be set up", e);
    }
  }

  private static TrustManagerFactory trust(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (settings.caCertificates().isEmpty()) {
      factory.init((KeyStore) null);
      return factory;
    }
    KeyStore roots = emptyStore();
    int number = 0;
    for (X509Certificate certificate : certificates(settings.caCertificates().get(), "cacert")) {
      roots.setCertificateEntry("ca" + number++, certificate);
    }
    factory.init(roots);
    return factory;
  }

  private static KeyManager[] keyManagers(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    if (settings.clientCertificate().isEmpty()) {
      return new KeyManager[0];
    }
    List<X509Certificate> chain =
        certificates(settings.clientCertificate().get(), "client_certificate");
    PrivateKey key;
    try {
      key = PemText.privateKey(settings.clientPrivateKey().orElseThrow().reveal());
    } catch (GeneralSecurityException e) {
      throw unusable("client_private_key");
    }
    KeyStore store = emptyStore();
    store.setKeyEntry("client", key, new char[0], chain.toArray(new X509Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static List<X509Certificate> certificates(String pem, String key) {
    try {
      return PemText.certificates(pem);
    } catch (GeneralSecurityException e) {
      throw unusable(key);
    }
  }

  /** Without a cause: texts of damaged PEM may show up in its message. */
  private static PowerSyncException unusable(String key) {
    return new PowerSyncException(
            ErrorCode.PSYNC_S1109,
            "The PEM text cannot be read; it must be complete, with its BEGIN and END lines, and"
                + " not encrypted")
        .with("key", key);
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** TLS over a connected socket; the caller starts the handshake. */
  SSLSocket secure(Socket socket, String hostname, int port, boolean autoClose) throws IOException {
    String name = settings.serverName().orElse(hostname);
    boolean checkName = settings.mode() == SslMode.VERIFY_FULL;
    SSLSocket secured =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(socket, checkName ? name : hostname, port, autoClose);
    if (checkName) {
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secured.setSSLParameters(parameters);
    }
    return secured;
  }

  String[] defaultCipherSuites() {
    return context.getSocketFactory().getDefaultCipherSuites();
  }

  String[] supportedCipherSuites() {
    return context.getSocketFactory().getSupportedCipherSuites();
  }
}
