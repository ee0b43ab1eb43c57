package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * The tables of the source databases, as far as they are known when a config is checked. Immutable.
 *
 * @param tables in the order in which patterns find them
 */
public record SourceSchema(List<Table> tables) {
  public SourceSchema {
    tables = List.copyOf(tables);
  }

  /** A table and its columns in order. */
  public record Table(TableName name, List<Column> columns) {
    public Table {
      columns = List.copyOf(columns);
    }

    public boolean has(String column) {
      return columns.stream().anyMatch(c -> c.name().equals(column));
    }
  }

  /**
   * A column.
   *
   * @param kinds what its values become
   * @param sourceType the source's own name of its type, for people
   */
  public record Column(String name, ValueKinds kinds, Optional<String> sourceType) {
    /** A column of a PostgreSQL table, by the name of its type, such as {@code int8}. */
    public static Column ofPostgres(String name, String type) {
      return new Column(name, ValueKinds.ofPostgres(type), Optional.of(type));
    }
  }

  /** The tables a pattern finds. */
  public List<Table> matching(TablePattern pattern) {
    return tables.stream().filter(table -> pattern.matches(table.name())).toList();
  }
}
