package org.powersync.jakarta.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;

/**
 * Identifies a source row within its table, by the bytes of its {@code source_key} (storage
 * sections 3.2 and 3.3). Equal iff those bytes are equal. The array is not copied.
 */
public final class ReplicaId implements Comparable<ReplicaId> {
  /** Length, type and name of the only member, length and subtype of a UUID. */
  private static final byte[] UUID_HEAD = {0x1E, 0, 0, 0, 0x05, 'i', 'd', 0, 0x10, 0, 0, 0, 0x04};

  private static final int UUID_KEY_LENGTH = UUID_HEAD.length + 2 * Long.BYTES + 1;

  private final byte[] sourceKey;
  private final int hash;

  /** The upper half of a UUID that follows the usual head, to compare most keys by; else 0. */
  private final long upper;

  private final boolean holdsUuid;

  /**
   * @param sourceKey BSON of a document with the single member {@code id}
   */
  public ReplicaId(byte[] sourceKey) {
    this.sourceKey = Objects.requireNonNull(sourceKey);
    this.hash = Arrays.hashCode(sourceKey);
    this.holdsUuid =
        sourceKey.length == UUID_KEY_LENGTH
            && Arrays.equals(sourceKey, 0, UUID_HEAD.length, UUID_HEAD, 0, UUID_HEAD.length);
    this.upper = holdsUuid ? ByteBuffer.wrap(sourceKey).getLong(UUID_HEAD.length) : 0;
  }

  /** The id of a row of a relational source. */
  public static ReplicaId of(UUID id) {
    byte[] key = Arrays.copyOf(UUID_HEAD, UUID_HEAD.length + 2 * Long.BYTES + 1);
    ByteBuffer.wrap(key)
        .putLong(UUID_HEAD.length, id.getMostSignificantBits())
        .putLong(UUID_HEAD.length + Long.BYTES, id.getLeastSignificantBits());
    return new ReplicaId(key);
  }

  public byte[] sourceKey() {
    return sourceKey;
  }

  /** The order of the bytes, unsigned, as stored keys are ordered. */
  @Override
  public int compareTo(ReplicaId other) {
    return holdsUuid && other.holdsUuid && upper != other.upper
        ? Long.compareUnsigned(upper, other.upper)
        : Arrays.compareUnsigned(sourceKey, other.sourceKey);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReplicaId that
        && hash == that.hash
        && Arrays.equals(sourceKey, that.sourceKey);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(sourceKey);
  }
}
