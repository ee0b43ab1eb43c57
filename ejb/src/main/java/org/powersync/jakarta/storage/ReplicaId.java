package org.powersync.jakarta.storage;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Identifies a source row within its table, by the bytes of its {@code source_key} (storage
 * sections 3.2 and 3.3). Equal iff those bytes are equal. The array is not copied.
 */
public final class ReplicaId {
  private final byte[] sourceKey;
  private final int hash;

  /**
   * @param sourceKey BSON of a document with the single member {@code id}
   */
  public ReplicaId(byte[] sourceKey) {
    this.sourceKey = Objects.requireNonNull(sourceKey);
    this.hash = Arrays.hashCode(sourceKey);
  }

  public byte[] sourceKey() {
    return sourceKey;
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
