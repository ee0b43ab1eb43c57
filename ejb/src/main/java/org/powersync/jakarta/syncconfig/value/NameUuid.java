package org.powersync.jakarta.syncconfig.value;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Name-based UUIDs, version 5, in the namespace of row identities (storage section 3.2). */
public final class NameUuid {
  /** The namespace of row identities and subkeys. */
  public static final UUID NAMESPACE = UUID.fromString("a396dd91-09fc-4017-a28d-3df722f651e9");

  private static final byte[] NAMESPACE_BYTES =
      ByteBuffer.allocate(2 * Long.BYTES)
          .putLong(NAMESPACE.getMostSignificantBits())
          .putLong(NAMESPACE.getLeastSignificantBits())
          .array();
  private static final long VERSION_5 = 0x5000L;
  private static final long VERSION_MASK = 0xF000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_MASK = 0xC000_0000_0000_0000L;

  private NameUuid() {}

  /** The UUID of a name. */
  public static UUID of(byte[] name) {
    MessageDigest sha1 = sha1();
    sha1.update(NAMESPACE_BYTES);
    ByteBuffer digest = ByteBuffer.wrap(sha1.digest(name));
    return new UUID(
        digest.getLong() & ~VERSION_MASK | VERSION_5, digest.getLong() & ~VARIANT_MASK | VARIANT);
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
