package org.powersync.jakarta.diagnostics;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;

/** The tables of a source as a sync config sees them. */
final class SourceTables {
  private SourceTables() {}

  /**
   * @throws org.powersync.jakarta.error.PowerSyncException if the source does not answer
   */
  static SourceSchema schema(SourceInspection source) {
    List<SourceSchema.Table> tables = new ArrayList<>();
    for (SourceInspection.Schema schema : source.schemas()) {
      for (SourceInspection.Table table : schema.tables()) {
        tables.add(
            new SourceSchema.Table(
                new TableName(source.tag(), schema.name(), table.name()),
                table.columns().stream()
                    .map(column -> SourceSchema.Column.ofPostgres(column.name(), column.pgType()))
                    .toList()));
      }
    }
    return new SourceSchema(tables);
  }
}
