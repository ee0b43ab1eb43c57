package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * What one query puts out: the select list over one table.
 *
 * @param source where the columns come from
 * @param outputTable the table's name for clients; empty when it is that of the source table
 * @param columns in the order of the select list
 */
public record ResultTable(
    TablePattern source, Optional<String> outputTable, List<ResultColumn> columns) {
  public ResultTable {
    columns = List.copyOf(columns);
  }
}
