package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** The queries that read a table, one after another (replication section 2.3). */
sealed interface CopyQueries {
  Optional<String> first();

  /** Whether a chunk ends after this many of its rows, although the query goes on. */
  boolean breakAfter(int rows);

  /** Where a chunk that ends with this row (null = no row) can be continued. */
  Optional<SnapshotKey> key(SourceRow last);

  /**
   * @param rows of the last query
   * @param key where it ended
   */
  Optional<String> next(int rows, Optional<SnapshotKey> key);

  /** Queries that each read a chunk in the order of the key; can be resumed. */
  record ByKey(CatalogueTable table, SourceColumn column, Optional<SnapshotKey> start, int rows)
      implements CopyQueries {
    @Override
    public Optional<String> first() {
      return Optional.of(chunk(start));
    }

    @Override
    public boolean breakAfter(int count) {
      return false;
    }

    @Override
    public Optional<SnapshotKey> key(SourceRow last) {
      return last == null
          ? Optional.empty()
          : Optional.of(SnapshotKey.of(column, last.value(column.name())));
    }

    /** A chunk without rows is the last one. */
    @Override
    public Optional<String> next(int count, Optional<SnapshotKey> key) {
      return count == 0 ? Optional.empty() : Optional.of(chunk(key));
    }

    private String chunk(Optional<SnapshotKey> after) {
      String key = CatalogueTable.quoted(column.name());
      List<String> conditions =
          after.stream()
              .map(k -> key + " > " + CatalogueTable.literal(k.text()) + "::" + column.type())
              .toList();
      return table.select(conditions) + " ORDER BY " + key + " LIMIT " + rows;
    }
  }

  /** One query for the whole table, for tables without a usable key; begins anew when resumed. */
  record Whole(CatalogueTable table, int rows) implements CopyQueries {
    @Override
    public Optional<String> first() {
      return Optional.of(table.select(List.of()));
    }

    @Override
    public boolean breakAfter(int count) {
      return count >= rows;
    }

    @Override
    public Optional<SnapshotKey> key(SourceRow last) {
      return Optional.empty();
    }

    @Override
    public Optional<String> next(int count, Optional<SnapshotKey> key) {
      return Optional.empty();
    }
  }

  /** The rows with these keys. */
  record ByIds(CatalogueTable table, SourceColumn column, List<String> keys)
      implements CopyQueries {
    @Override
    public Optional<String> first() {
      String list = keys.stream().map(CatalogueTable::literal).collect(Collectors.joining(", "));
      String condition =
          CatalogueTable.quoted(column.name())
              + " = ANY (ARRAY["
              + list
              + "]::"
              + column.type()
              + "[])";
      return Optional.of(table.select(List.of(condition)));
    }

    @Override
    public boolean breakAfter(int count) {
      return false;
    }

    @Override
    public Optional<SnapshotKey> key(SourceRow last) {
      return Optional.empty();
    }

    @Override
    public Optional<String> next(int count, Optional<SnapshotKey> key) {
      return Optional.empty();
    }
  }

  /** The text of a key value, for {@link ByIds}. */
  static String keyText(SqlValue value) {
    return SnapshotKey.text(value);
  }
}
