package org.powersync.jakarta.storage;

import java.util.Objects;
import java.util.Optional;

/**
 * A source position: opaque text whose order is the order of its UTF-16 units (storage section
 * 3.9). Sources produce order-preserving text.
 */
public record Lsn(String value) implements Comparable<Lsn> {
  public Lsn {
    Objects.requireNonNull(value);
  }

  /** The greater of two positions; an unset one loses. */
  public static Optional<Lsn> greatest(Optional<Lsn> a, Optional<Lsn> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.or(() -> b);
    }
    return a.get().compareTo(b.get()) >= 0 ? a : b;
  }

  @Override
  public int compareTo(Lsn other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
