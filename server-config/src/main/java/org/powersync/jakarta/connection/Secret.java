package org.powersync.jakarta.connection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * A password or private key. Kept masked, because servers dump fields by reflection when something
 * fails; printed as {@code ****}. Not serialisable on purpose.
 */
public final class Secret {
  private static final byte[] MASK = new byte[64];

  static {
    new SecureRandom().nextBytes(MASK);
  }

  private final byte[] masked;

  private Secret(byte[] masked) {
    this.masked = masked;
  }

  public static Secret of(String text) {
    return new Secret(mask(text.getBytes(StandardCharsets.UTF_8)));
  }

  public static Secret of(byte[] bytes) {
    return new Secret(mask(bytes));
  }

  /** The bytes; do not keep them. */
  public byte[] revealBytes() {
    return mask(masked);
  }

  /** The text; do not keep it. */
  public String reveal() {
    return new String(revealBytes(), StandardCharsets.UTF_8);
  }

  private static byte[] mask(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = (byte) (bytes[i] ^ MASK[i % MASK.length]);
    }
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(masked, secret.masked);
  }

  /** The same for all secrets, so that it tells nothing about one. */
  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  @Override
  public String toString() {
    return "****";
  }
}
