package org.powersync.jakarta.replication.postgres.pgoutput;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.powersync.jakarta.syncconfig.value.BsonWriter;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.MemberOrder;
import org.powersync.jakarta.syncconfig.value.NameUuid;
import org.powersync.jakarta.syncconfig.value.RowBson;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Computes the identities of the rows of one table: UUID v5 over the BSON of the identity columns
 * (replication section 3.6). A row without identity columns gets a random identity. Immutable.
 */
public final class RowIdentity {
  private final int[] columns;
  private final String[] names;

  private RowIdentity(int[] columns, String[] names) {
    this.columns = columns;
    this.names = names;
  }

  /**
   * For rows of a layout.
   *
   * @param identityColumns names in the order of the table's columns; empty = random identities
   * @throws IllegalArgumentException when the layout lacks one of them
   */
  public static RowIdentity forColumns(ColumnLayout layout, List<String> identityColumns) {
    int[] order = MemberOrder.permutation(identityColumns);
    int[] columns = new int[identityColumns.size()];
    String[] names = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      names[i] = identityColumns.get(order == null ? i : order[i]);
      columns[i] = layout.indexOf(names[i]);
      if (columns[i] < 0) {
        throw new IllegalArgumentException("no such identity column: " + names[i]);
      }
    }
    return new RowIdentity(columns, names);
  }

  /** The identity of a single row; columns that it lacks count as absent. */
  public static UUID of(SourceRow row, List<String> identityColumns) {
    if (identityColumns.isEmpty()) {
      return UUID.randomUUID();
    }
    return NameUuid.of(
        RowBson.document(identityColumns, identityColumns.stream().map(row::value).toList()));
  }

  /** The identity of a row whose identity columns were decoded as by a query. */
  public UUID of(SourceRow row) {
    return of(row::value);
  }

  /** The identity of the row whose columns have these values, by index in the layout. */
  UUID of(IntFunction<SqlValue> values) {
    if (columns.length == 0) {
      return UUID.randomUUID();
    }
    BsonWriter bson = new BsonWriter();
    for (int i = 0; i < columns.length; i++) {
      bson.member(names[i], values.apply(columns[i]));
    }
    return NameUuid.of(bson.finish());
  }

  /** Indexes of the identity columns in the layout, in column order. */
  public int[] columns() {
    int[] sorted = columns.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
