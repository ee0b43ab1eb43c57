package org.powersync.jakarta.storage.postgres.write;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * New rows with all that follows from them, in the form in which they are written. Made as rows
 * come, so that of a row hardly more than its bytes is kept: with objects for thousands of rows, a
 * copy spends its time collecting garbage. Ids of operations are filled in later. For one thread.
 */
final class EncodedRows {
  private static final int INITIAL_BYTES = 1 << 20;
  private static final int INITIAL_ROWS = 1 << 10;

  /** Arrays that huge rows blew up are not kept. */
  private static final int KEEP_BYTES = 24 << 20;

  private final CurrentDataTable table;
  private final BinaryRows operations = new BinaryRows(INITIAL_BYTES);
  private final BinaryRows parameters = new BinaryRows(INITIAL_BYTES / 4);
  private final BinaryRows current = new BinaryRows(INITIAL_BYTES);
  private final Positions operationIds = new Positions();
  private final Positions parameterIds = new Positions();

  /** By row: its key, and where its parts end. */
  private RowKey[] keys = new RowKey[INITIAL_ROWS];

  private int[] ends = new int[INITIAL_ROWS * Part.COUNT];
  private int rows;

  /** What a row has an end of. */
  private static final class Part {
    private static final int OPERATIONS = 0;
    private static final int OPERATION_IDS = 1;
    private static final int PARAMETERS = 2;
    private static final int PARAMETER_IDS = 3;
    private static final int CURRENT = 4;
    private static final int COUNT = 5;
  }

  EncodedRows(CurrentDataTable table) {
    this.table = table;
  }

  void add(RowKey key, RowImage image) {
    for (BucketPut put : image.puts()) {
      operations.row(RowForms.OPERATION_FIELDS);
      operationIds.add(
          RowForms.operation(
              operations, table.stream(), key, put.ref(), 0, put.checksum(), put.json()));
    }
    for (LookupRows lookup : image.lookups()) {
      parameters.row(RowForms.PARAMETER_FIELDS);
      parameterIds.add(
          RowForms.parameter(parameters, table.stream(), key, lookup.lookup(), 0, lookup.json()));
    }
    current.row(RowForms.currentFields(table));
    RowForms.current(current, table, key, image.stored(), null);
    note(key);
  }

  private void note(RowKey key) {
    if (rows == keys.length) {
      keys = Arrays.copyOf(keys, 2 * rows);
      ends = Arrays.copyOf(ends, 2 * ends.length);
    }
    keys[rows] = key;
    int at = rows * Part.COUNT;
    ends[at + Part.OPERATIONS] = operations.size();
    ends[at + Part.OPERATION_IDS] = operationIds.size();
    ends[at + Part.PARAMETERS] = parameters.size();
    ends[at + Part.PARAMETER_IDS] = parameterIds.size();
    ends[at + Part.CURRENT] = current.size();
    rows++;
  }

  /** How many rows there are. */
  int rows() {
    return rows;
  }

  /** How many bytes they take. */
  long bytes() {
    return (long) operations.size() + parameters.size() + current.size();
  }

  List<RowKey> keys() {
    return Arrays.asList(keys).subList(0, rows);
  }

  void clear() {
    operations.clear(KEEP_BYTES);
    parameters.clear(KEEP_BYTES);
    current.clear(KEEP_BYTES);
    operationIds.clear();
    parameterIds.clear();
    Arrays.fill(keys, 0, rows, null);
    rows = 0;
  }

  /**
   * Those rows that are to be written.
   *
   * @param existing rows that stay as they are
   */
  Selection without(Set<RowKey> existing) {
    int[] byKey = rowsByKey();
    boolean[] left = new boolean[rows];
    int kept = 0;
    RowKey before = null;
    for (int row : byKey) {
      RowKey key = keys[row];
      // Of equal rows the first stays.
      if (!key.equals(before) && (existing.isEmpty() || !existing.contains(key))) {
        byKey[kept++] = row;
      } else {
        left[row] = true;
      }
      before = key;
    }
    return new Selection(Arrays.copyOf(byKey, kept), left);
  }

  /** The numbers of all rows, by key, equal ones in the order they came. */
  private int[] rowsByKey() {
    Integer[] numbers = new Integer[rows];
    Arrays.setAll(numbers, row -> row);
    Arrays.sort(numbers, (a, b) -> RowKey.ORDER.compare(keys[a], keys[b]));
    return Arrays.stream(numbers).mapToInt(Integer::intValue).toArray();
  }

  /** Rows of a batch that are written; valid until the batch changes. */
  final class Selection {
    private final int[] byKey;
    private final boolean[] left;

    private Selection(int[] byKey, boolean[] left) {
      this.byKey = byKey;
      this.left = left;
    }

    private boolean all() {
      return byKey.length == rows;
    }

    boolean isEmpty() {
      return byKey.length == 0;
    }

    /** How many ids its operations and parameter rows take. */
    int idCount() {
      return count(Part.OPERATION_IDS) + count(Part.PARAMETER_IDS);
    }

    boolean hasOperations() {
      return count(Part.OPERATION_IDS) > 0;
    }

    boolean hasParameters() {
      return count(Part.PARAMETER_IDS) > 0;
    }

    private int count(int part) {
      int count = 0;
      for (int row : byKey) {
        count += end(row, part) - start(row, part);
      }
      return count;
    }

    /** Gives operations their ids, in the order rows came, then parameter rows. */
    void number(OpIdBlock ids) {
      number(operations, operationIds, Part.OPERATION_IDS, ids);
      number(parameters, parameterIds, Part.PARAMETER_IDS, ids);
    }

    private void number(BinaryRows out, Positions positions, int part, OpIdBlock ids) {
      for (int row = 0; row < rows; row++) {
        if (!left[row]) {
          for (int i = start(row, part); i < end(row, part); i++) {
            out.int8At(positions.get(i), ids.next());
          }
        }
      }
    }

    void operations(BinaryCopyBuffer out) throws SQLException {
      inOrder(out, operations, Part.OPERATIONS);
    }

    void parameters(BinaryCopyBuffer out) throws SQLException {
      inOrder(out, parameters, Part.PARAMETERS);
    }

    private void inOrder(BinaryCopyBuffer out, BinaryRows from, int part) throws SQLException {
      if (all()) {
        out.copyRows(from);
        return;
      }
      for (int row = 0; row < rows; row++) {
        if (!left[row]) {
          out.copyRows(from, start(row, part), end(row, part));
        }
      }
    }

    /** The current rows, in the order of their keys. */
    void current(BinaryCopyBuffer out) throws SQLException {
      for (int row : byKey) {
        out.copyRows(current, start(row, Part.CURRENT), end(row, Part.CURRENT));
      }
    }
  }

  private int start(int row, int part) {
    return row == 0 ? 0 : end(row - 1, part);
  }

  private int end(int row, int part) {
    return ends[row * Part.COUNT + part];
  }

  /** Offsets of ids. */
  private static final class Positions {
    private int[] positions = new int[INITIAL_ROWS];
    private int size;

    private void add(int position) {
      if (size == positions.length) {
        positions = Arrays.copyOf(positions, 2 * size);
      }
      positions[size++] = position;
    }

    private int get(int index) {
      return positions[index];
    }

    private int size() {
      return size;
    }

    private void clear() {
      size = 0;
    }
  }
}
