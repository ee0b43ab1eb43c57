package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;

/**
 * What one query puts out: the select list over one table.
 *
 * @param source where the columns come from
 * @param outputTable the table's name for clients; empty when it is that of the source table
 * @param columns the select list; column references mean columns of {@code source}
 */
public record ResultTable(
    TablePattern source, Optional<String> outputTable, List<SelectColumn> columns) {
  public ResultTable {
    columns = List.copyOf(columns);
  }
}
