package org.powersync.jakarta.storage.postgres.compact;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a client makes of a bucket's operations: its rows, and a checksum over everything. */
final class ReducedBucket {
  /** An operation as a client sees it; {@code key} is type, id and subkey. */
  record Operation(long opId, String op, String key, long checksum, String data) {}

  private record Row(long checksum, String data) {}

  private final Map<String, Row> rows = new HashMap<>();
  private int added;

  ReducedBucket apply(Iterable<Operation> operations) {
    operations.forEach(this::apply);
    return this;
  }

  private void apply(Operation operation) {
    switch (operation.op()) {
      case "PUT" -> {
        forget(operation.key());
        rows.put(operation.key(), new Row(operation.checksum(), operation.data()));
      }
      case "REMOVE" -> {
        forget(operation.key());
        added += (int) operation.checksum();
      }
      case "MOVE" -> added += (int) operation.checksum();
      case "CLEAR" -> {
        rows.clear();
        added = (int) operation.checksum();
      }
      default -> throw new IllegalArgumentException(operation.op());
    }
  }

  private void forget(String key) {
    Row old = rows.remove(key);
    if (old != null) {
      added += (int) old.checksum();
    }
  }

  /** The fewest operations that give the same: a CLEAR, and what clients hold. */
  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    operations.add(new Operation(0, "CLEAR", null, added, null));
    rows.forEach(
        (key, row) -> operations.add(new Operation(0, "PUT", key, row.checksum(), row.data())));
    return operations;
  }

  int checksum() {
    int sum = added;
    for (Row row : rows.values()) {
      sum += (int) row.checksum();
    }
    return sum;
  }

  /** Equal rows and equal checksum; how much of it is in rows does not matter. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ReducedBucket that
        && rows.equals(that.rows)
        && checksum() == that.checksum();
  }

  @Override
  public int hashCode() {
    return Objects.hash(rows, checksum());
  }

  @Override
  public String toString() {
    return rows + " checksum " + checksum();
  }
}
