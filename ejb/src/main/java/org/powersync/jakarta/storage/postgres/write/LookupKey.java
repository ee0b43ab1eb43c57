package org.powersync.jakarta.storage.postgres.write;

import java.util.Arrays;

/** A serialised parameter lookup; equal iff the bytes are equal. The array is not copied. */
final class LookupKey {
  private final byte[] bytes;
  private final int hash;

  LookupKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LookupKey that && hash == that.hash && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
