package org.powersync.jakarta.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSocketsTest {
  /** The identifier of P-256. */
  private static final byte[] CURVE = {
    0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x03, 0x01, 0x07
  };

  @TempDir static Path directory;
  private static TestCertificates certificates;
  private static SSLServerSocket server;

  @BeforeAll
  static void startServer() throws Exception {
    certificates = TestCertificates.create(directory, "RSA");
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(certificates.store(), TestCertificates.PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(TlsSocketsTest::serve, "tls-server");
    thread.setDaemon(true);
    thread.start();
  }

  private static void serve() {
    while (!server.isClosed()) {
      try (SSLSocket socket = (SSLSocket) server.accept()) {
        socket.startHandshake();
        socket.getOutputStream().write(1);
      } catch (IOException e) {
        // A client that refuses the certificate ends the handshake; the next one may not.
        continue;
      }
    }
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  private static int handshake(TlsSettings settings, String hostname) throws IOException {
    try (Socket plain = new Socket(server.getInetAddress(), server.getLocalPort());
        SSLSocket secured =
            TlsSockets.of(settings).secure(plain, hostname, server.getLocalPort(), true)) {
      secured.startHandshake();
      return secured.getInputStream().read();
    }
  }

  private static TlsSettings settings(SslMode mode, String ca, String serverName) {
    return new TlsSettings(
        mode,
        Optional.ofNullable(ca),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(serverName));
  }

  @Test
  void verifyFullAcceptsTheNameInTheCertificate() throws IOException {
    assertThat(
            handshake(
                settings(SslMode.VERIFY_FULL, certificates.certificatePem(), null), "db.test"))
        .isEqualTo(1);
  }

  @Tag("CFG-14")
  @Test
  void verifyFullRefusesAnotherName() {
    assertThatThrownBy(
            () ->
                handshake(
                    settings(SslMode.VERIFY_FULL, certificates.certificatePem(), null),
                    "other.test"))
        .isInstanceOf(SSLException.class);
  }

  @Tag("CFG-14")
  @Test
  void serverNameReplacesTheHostName() throws IOException {
    TlsSettings settings = settings(SslMode.VERIFY_FULL, certificates.certificatePem(), "db.test");
    assertThat(handshake(settings, "127.0.0.1")).isEqualTo(1);
  }

  @Tag("CFG-14")
  @Test
  void verifyCaChecksTheChainOnly() throws IOException {
    TlsSettings settings = settings(SslMode.VERIFY_CA, certificates.certificatePem(), null);
    assertThat(handshake(settings, "other.test")).isEqualTo(1);
  }

  @Test
  void chainOutsideTheTrustedRootsIsRefused() {
    assertThatThrownBy(() -> handshake(settings(SslMode.VERIFY_FULL, null, null), "db.test"))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void rsaKeysMayBeInPkcs1() throws Exception {
    PrivateKey key = PemText.privateKey(certificates.privateKeyPem());
    byte[] pkcs8 = key.getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    assertThat(PemText.privateKey(TestCertificates.pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
  }

  @Test
  void ellipticKeysMayBeInSec1() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    ECPrivateKey key = (ECPrivateKey) generator.generateKeyPair().getPrivate();
    byte[] scalar = key.getS().toByteArray();
    ByteBuffer sec1 = ByteBuffer.allocate(9 + scalar.length + CURVE.length);
    sec1.put(new byte[] {0x30, (byte) (sec1.capacity() - 2), 2, 1, 1, 4, (byte) scalar.length});
    sec1.put(scalar).put((byte) 0xa0).put((byte) CURVE.length).put(CURVE);
    String pem = TestCertificates.pem("EC PRIVATE KEY", sec1.array());
    assertThat(((ECPrivateKey) PemText.privateKey(pem)).getS()).isEqualTo(key.getS());
  }

  @Test
  void severalCertificatesMayBeInOneText() throws Exception {
    String pem = "some text\n" + certificates.certificatePem() + certificates.certificatePem();
    assertThat(PemText.certificates(pem)).hasSize(2).allMatch(X509Certificate.class::isInstance);
  }

  @Test
  void clientKeyIsTaken() {
    TlsSettings settings =
        new TlsSettings(
            SslMode.VERIFY_FULL,
            Optional.empty(),
            Optional.of(certificates.certificatePem()),
            Optional.of(Secret.of(certificates.privateKeyPem())),
            Optional.empty());
    assertThat(TlsSockets.of(settings)).isNotNull();
  }
}
