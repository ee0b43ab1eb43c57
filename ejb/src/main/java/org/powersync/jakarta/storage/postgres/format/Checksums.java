package org.powersync.jakarta.storage.postgres.format;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Checksums of operations (storage section 3.8). Keeps its digest for reuse: one thread at a time.
 */
public final class Checksums {
  private static final byte[] PUT = "put.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DELETE = "delete.".getBytes(StandardCharsets.US_ASCII);
  private static final byte DOT = '.';

  private final MessageDigest sha256;

  public Checksums() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Of a PUT, unsigned 32-bit.
   *
   * @param data row JSON in UTF-8
   */
  public long put(String objectType, String objectId, byte[] data) {
    sha256.update(PUT);
    sha256.update(objectType.getBytes(StandardCharsets.UTF_8));
    sha256.update(DOT);
    sha256.update(objectId.getBytes(StandardCharsets.UTF_8));
    sha256.update(DOT);
    sha256.update(data);
    return firstFour();
  }

  /** Of a REMOVE, unsigned 32-bit. */
  public long remove(String subkey) {
    sha256.update(DELETE);
    sha256.update(subkey.getBytes(StandardCharsets.UTF_8));
    return firstFour();
  }

  /**
   * Adds a stored checksum, signed or unsigned, modulo 2³²; the sum is read as signed. Start at 0.
   */
  public static int add(int sum, long checksum) {
    return sum + (int) checksum;
  }

  private long firstFour() {
    byte[] digest = sha256.digest();
    return (digest[0] & 0xFFL)
        | (digest[1] & 0xFFL) << 8
        | (digest[2] & 0xFFL) << 16
        | (digest[3] & 0xFFL) << 24;
  }
}
