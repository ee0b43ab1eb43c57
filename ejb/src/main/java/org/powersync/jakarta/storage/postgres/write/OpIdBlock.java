package org.powersync.jakarta.storage.postgres.write;

/**
 * Operation ids taken for one transaction, handed out in ascending order. They need not be
 * neighbours: other writers take ids from the same sequence at the same time.
 */
final class OpIdBlock {
  private final long first;
  private final Long[] ids;
  private final int count;
  private int used;

  private OpIdBlock(long first, Long[] ids, int count) {
    this.first = first;
    this.ids = ids;
    this.count = count;
  }

  /** Neighbouring ids from {@code first} on. */
  static OpIdBlock range(long first, int count) {
    return new OpIdBlock(first, null, count);
  }

  /** These ids, in ascending order. */
  static OpIdBlock of(Long[] ascending) {
    return new OpIdBlock(0, ascending, ascending.length);
  }

  /** Whether no other writer took ids in between. */
  boolean neighbours() {
    return ids == null;
  }

  int count() {
    return count;
  }

  long next() {
    if (used == count) {
      throw new IllegalStateException("all " + count + " operation ids are used");
    }
    long id = ids == null ? first + used : ids[used];
    used++;
    return id;
  }
}
