package org.powersync.jakarta.storage;

/** The number of a replication stream; it partitions every data table. */
public record GroupId(int value) implements Comparable<GroupId> {
  @Override
  public int compareTo(GroupId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
