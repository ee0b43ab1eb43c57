package org.powersync.jakarta.syncconfig.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.OutputRow;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.PerLayout;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.expression.RowInputs;
import org.powersync.jakarta.syncconfig.schema.ResultColumn;
import org.powersync.jakarta.syncconfig.schema.ResultTable;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.value.Casts;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * What a query over one table reads and puts out (sync config section 11). Immutable.
 *
 * @param outputTable the table's name for clients; empty when it is that of the source table
 * @param columns the columns read, by slot
 * @param items the select list
 * @param selected the select list as written
 */
public record TableProjection(
    TablePattern table,
    Optional<String> outputTable,
    List<String> columns,
    List<OutputColumns.Item> items,
    List<SelectColumn> selected) {

  /** The projection of one table's rows. */
  public OfTable of(TableName source) {
    return new OfTable(source);
  }

  /** What clients get of it. */
  public ResultTable result() {
    return new ResultTable(table, outputTable, selected.stream().map(ResultColumn::of).toList());
  }

  /** An output row and its id, which may be empty text. */
  public record Projected(String id, OutputRow data) {}

  private record Prepared(int[] positions, OutputColumns output) {}

  /** Safe for all threads. */
  public final class OfTable {
    private final String tableName;
    private final SqlValue tableSuffix;
    private final PerLayout<Prepared> prepared =
        new PerLayout<>(
            layout ->
                new Prepared(
                    RowColumns.positions(columns, layout), OutputColumns.of(items, layout)));

    private OfTable(TableName source) {
      this.tableName = outputTable.orElse(source.name());
      this.tableSuffix = SqlValue.of(table.suffixOf(source));
    }

    /** The table's name for clients. */
    public String tableName() {
      return tableName;
    }

    /** A row for the computations of the query. */
    public RowInputs inputs(SourceRow row) {
      return new RowInputs(row, prepared.of(row.layout()).positions(), tableSuffix);
    }

    /**
     * @param inputs from {@link #inputs}
     */
    public Projected project(RowInputs inputs) {
      OutputColumns output = prepared.of(inputs.row().layout()).output();
      SqlValue[] values = output.values(inputs);
      String id = output.idIndex() < 0 ? "" : id(values[output.idIndex()]);
      return new Projected(id, data(output.names(), values));
    }
  }

  private static String id(SqlValue value) {
    return value == SqlValue.NULL || value == SqlValue.ABSENT || value instanceof SqlValue.Blob
        ? ""
        : Casts.text(value);
  }

  private static OutputRow data(List<String> names, SqlValue[] values) {
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
