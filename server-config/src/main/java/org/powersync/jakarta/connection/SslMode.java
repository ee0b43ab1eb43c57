package org.powersync.jakarta.connection;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How the server is verified; there is no encryption without verification. */
public enum SslMode {
  /** TLS; the certificate's chain and its name are checked. */
  VERIFY_FULL("verify-full"),
  /** TLS; only the chain is checked, against the configured CA. */
  VERIFY_CA("verify-ca"),
  /** Plain TCP. */
  DISABLE("disable");

  private final String text;

  SslMode(String text) {
    this.text = text;
  }

  /** As written in the configuration. */
  public String text() {
    return text;
  }

  public static Optional<SslMode> of(String text) {
    return Arrays.stream(values()).filter(mode -> mode.text.equals(text)).findFirst();
  }

  /** All modes as written in the configuration. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(SslMode::text).toList();
  }
}
