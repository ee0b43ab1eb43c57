package org.powersync.jakarta.storage.postgres.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.storage.ReplicaId;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.SourceTable;
import org.powersync.jakarta.storage.postgres.format.ReplicaIds;
import org.powersync.jakarta.syncconfig.value.NameUuid;
import org.powersync.jakarta.syncconfig.value.RowBson;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Source rows and changes, shortly written. */
public final class Rows {
  private Rows() {}

  /**
   * A row of alternating names and values: texts, longs, null, or {@link SqlValue#ABSENT} itself.
   */
  public static SourceRow row(Object... namesAndValues) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      names.add((String) namesAndValues[i]);
      values.add(value(namesAndValues[i + 1]));
    }
    return SourceRow.of(names, values);
  }

  private static SqlValue value(Object value) {
    if (value instanceof SqlValue sql) {
      return sql;
    }
    return value instanceof Number number
        ? SqlValue.of(number.longValue())
        : SqlValue.of((String) value);
  }

  /** The replica id of a row identified by its column {@code id}. */
  public static ReplicaId rid(String id) {
    return identity(row("id", id));
  }

  /** The replica id of a row identified by these columns. */
  public static ReplicaId identity(SourceRow columns) {
    return ReplicaIds.of(NameUuid.of(RowBson.document(columns)));
  }

  public static RowChange insert(SourceTable table, SourceRow after) {
    return new RowChange.Insert(table, after, rid(id(after)));
  }

  public static RowChange update(SourceTable table, SourceRow after) {
    return new RowChange.Update(table, Optional.empty(), after, rid(id(after)));
  }

  public static RowChange rename(SourceTable table, String before, SourceRow after) {
    return new RowChange.Update(table, Optional.of(rid(before)), after, rid(id(after)));
  }

  public static RowChange delete(SourceTable table, String id) {
    return new RowChange.Delete(table, rid(id));
  }

  public static String id(SourceRow row) {
    return ((SqlValue.Text) row.value("id")).value();
  }
}
