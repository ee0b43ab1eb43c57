package org.powersync.jakarta.connection;

import java.util.Objects;
import java.util.Optional;

/**
 * How the server is verified, and how this client shows who it is.
 *
 * @param caCertificates PEM text of the accepted roots; absent = those of the JVM
 * @param clientCertificate PEM text of the client's chain; present iff its key is
 * @param clientPrivateKey PEM text
 * @param serverName name for SNI and the certificate check, instead of the host name
 */
public record TlsSettings(
    SslMode mode,
    Optional<String> caCertificates,
    Optional<String> clientCertificate,
    Optional<Secret> clientPrivateKey,
    Optional<String> serverName) {

  public TlsSettings {
    Objects.requireNonNull(mode, "mode");
    if (clientCertificate.isPresent() != clientPrivateKey.isPresent()) {
      throw new IllegalArgumentException("a client certificate needs its key, and the reverse");
    }
  }

  /** Of the given mode, without certificates of its own. */
  public static TlsSettings of(SslMode mode) {
    return new TlsSettings(
        mode, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  public String toString() {
    return mode.text();
  }
}
