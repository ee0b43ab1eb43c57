package org.powersync.jakarta.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.replication.SourceInspection;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.schema.ValueKinds;

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
                table.columns().stream().map(SourceTables::column).toList()));
      }
    }
    return new SourceSchema(tables);
  }

  /** The source knows what is behind types of its own, domains for one. */
  private static SourceSchema.Column column(SourceInspection.Column column) {
    return new SourceSchema.Column(
        column.name(), new ValueKinds(column.sqliteType()), Optional.of(column.type()));
  }
}
