package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import java.util.Set;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;

/** The tables a source has, with their columns. Immutable. */
public record SourceSchema(List<Table> tables) {
  public SourceSchema {
    tables = List.copyOf(tables);
  }

  /** A table of the source. */
  public record Table(TableName name, Set<String> columns) {
    public Table {
      columns = Set.copyOf(columns);
    }
  }

  List<Table> matching(TablePattern pattern) {
    return tables.stream().filter(table -> pattern.matches(table.name())).toList();
  }
}
