package org.powersync.jakarta.syncconfig.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.RowInputs;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The select list of a data query, spread out for one row layout: each output column with
 * everything that may give its value (sync config section 11).
 */
public final class OutputColumns {
  private final List<String> names;
  private final Source[][] sources;
  private final int idIndex;

  /** An entry of the select list. */
  public sealed interface Item {
    /** {@code *}. */
    record Star() implements Item {}

    /** An expression under its name. */
    record Named(String name, Computation computation) implements Item {}
  }

  private interface Source {
    SqlValue value(RowInputs row, SqlValue before);
  }

  private OutputColumns(List<String> names, Source[][] sources) {
    this.names = List.copyOf(names);
    this.sources = sources;
    this.idIndex = names.indexOf("id");
  }

  public static OutputColumns of(List<Item> items, ColumnLayout layout) {
    Map<String, List<Source>> columns = new LinkedHashMap<>();
    for (Item item : items) {
      if (item instanceof Item.Named named) {
        columns.computeIfAbsent(named.name(), n -> new ArrayList<>()).add(explicit(named));
      } else {
        for (int i = 0; i < layout.size(); i++) {
          // Such columns are for the source's own use.
          if (!layout.name(i).startsWith("_")) {
            columns.computeIfAbsent(layout.name(i), n -> new ArrayList<>()).add(star(i));
          }
        }
      }
    }
    return new OutputColumns(
        new ArrayList<>(columns.keySet()),
        columns.values().stream()
            .map(list -> list.toArray(Source[]::new))
            .toArray(Source[][]::new));
  }

  private static Source explicit(Item.Named named) {
    return named.computation() instanceof Computation.Column column
        ? (row, before) -> row.raw(column.slot())
        : (row, before) -> named.computation().compute(row);
  }

  /** Does not replace what an item before gave, unless that was NULL. */
  private static Source star(int position) {
    return (row, before) -> {
      if (before != SqlValue.ABSENT && before != SqlValue.NULL) {
        return before;
      }
      SqlValue value = row.row().value(position);
      return value == SqlValue.ABSENT ? before : value;
    };
  }

  /** All columns, some of them blobs or absent. */
  public SqlValue[] values(RowInputs row) {
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

  public List<String> names() {
    return names;
  }

  /** The position of {@code id}, or −1. */
  public int idIndex() {
    return idIndex;
  }
}
