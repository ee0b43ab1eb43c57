package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The select list of a data source, spread out for one row layout: each later item replaces what an
 * earlier one gave, in the place of the first (sync config section 11, edition 3).
 */
final class OutputLayout {
  private final List<String> names;
  private final Source[][] sources;
  private final int idIndex;

  /** An item of the select list; a {@code *} has no computation. */
  record Item(String name, Computation computation) {
    static final Item STAR = new Item(null, null);
  }

  private interface Source {
    SqlValue value(RowContext row, SqlValue before);
  }

  private OutputLayout(List<String> names, Source[][] sources) {
    this.names = List.copyOf(names);
    this.sources = sources;
    this.idIndex = names.indexOf("id");
  }

  static OutputLayout of(List<Item> items, ColumnLayout layout) {
    Map<String, List<Source>> columns = new LinkedHashMap<>();
    for (Item item : items) {
      if (item.computation() != null) {
        columns.computeIfAbsent(item.name(), n -> new ArrayList<>()).add(explicit(item));
      } else {
        for (int i = 0; i < layout.size(); i++) {
          columns.computeIfAbsent(layout.name(i), n -> new ArrayList<>()).add(star(i));
        }
      }
    }
    return new OutputLayout(
        new ArrayList<>(columns.keySet()),
        columns.values().stream()
            .map(list -> list.toArray(Source[]::new))
            .toArray(Source[][]::new));
  }

  private static Source explicit(Item item) {
    return item.computation() instanceof Computation.Column column
        ? (row, before) -> row.raw(column.slot())
        : (row, before) -> item.computation().compute(row);
  }

  private static Source star(int position) {
    return (row, before) -> {
      SqlValue value = row.row().value(position);
      return value == SqlValue.ABSENT ? before : value;
    };
  }

  /** All columns, some of them blobs or absent. */
  SqlValue[] values(RowContext row) {
    SqlValue[] values = new SqlValue[sources.length];
    for (int i = 0; i < values.length; i++) {
      SqlValue value = SqlValue.ABSENT;
      for (Source source : sources[i]) {
        value = source.value(row, value);
      }
      values[i] = value;
    }
    return values;
  }

  /** The object id that clients see: empty without a usable {@code id}. */
  String id(SqlValue[] values) {
    if (idIndex < 0) {
      return "";
    }
    SqlValue id = values[idIndex];
    return id == SqlValue.NULL || !isKept(id) ? "" : Casts.text(id);
  }

  /** The columns that clients get. */
  OutputRow data(SqlValue[] values) {
    int kept = 0;
    for (SqlValue value : values) {
      kept += isKept(value) ? 1 : 0;
    }
    if (kept == values.length) {
      return new OutputRow(names, Arrays.asList(values));
    }
    List<String> keptNames = new ArrayList<>(kept);
    List<SqlValue> keptValues = new ArrayList<>(kept);
    for (int i = 0; i < values.length; i++) {
      if (isKept(values[i])) {
        keptNames.add(names.get(i));
        keptValues.add(values[i]);
      }
    }
    return new OutputRow(keptNames, keptValues);
  }

  private static boolean isKept(SqlValue value) {
    return value != SqlValue.ABSENT && !(value instanceof SqlValue.Blob);
  }
}
