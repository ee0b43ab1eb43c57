package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.powersync.jakarta.syncconfig.value.SourceRow;

/** The queries that read a table, one after another (replication section 2.3). Immutable. */
sealed interface CopyQueries {
  /** A query, and where it begins. */
  record Query(String sql, Optional<ResumePoint> start) {
    Query(String sql) {
      this(sql, Optional.empty());
    }
  }

  Optional<Query> first();

  /**
   * @param rows of the last query
   * @param end where it ended
   */
  Optional<Query> next(int rows, Optional<ResumePoint> end);

  /** Whether each row is a place to resume at, not only the end of a query. */
  boolean resumesAtRows();

  /**
   * Where the copy can be resumed behind a query.
   *
   * @param last its last row; null = it had none
   */
  Optional<ResumePoint> end(Query query, SourceRow last);

  /** Queries that each read a chunk in the order of the key. */
  record ByKey(CatalogueTable table, SourceColumn column, Optional<SnapshotKey> start, int rows)
      implements CopyQueries {
    @Override
    public Optional<Query> first() {
      return Optional.of(chunk(start));
    }

    @Override
    public boolean resumesAtRows() {
      return true;
    }

    @Override
    public Optional<ResumePoint> end(Query query, SourceRow last) {
      return last == null
          ? Optional.empty()
          : Optional.of(SnapshotKey.of(column, last.value(column.name())));
    }

    /** A chunk without rows is the last one. */
    @Override
    public Optional<Query> next(int count, Optional<ResumePoint> end) {
      return count == 0 ? Optional.empty() : Optional.of(chunk(end.map(SnapshotKey.class::cast)));
    }

    private Query chunk(Optional<SnapshotKey> after) {
      String key = CatalogueTable.quoted(column.name());
      List<String> conditions =
          after.stream()
              .map(k -> key + " > " + CatalogueTable.literal(k.text()) + "::" + column.type())
              .toList();
      return new Query(table.select(conditions) + " ORDER BY " + key + " LIMIT " + rows);
    }
  }

  /**
   * Queries that each read a range of blocks, for tables without a usable key. Rows that move to a
   * block already read come again by the stream, as a whole or to be fetched.
   *
   * @param file of the table, which cannot change while it is being read
   * @param blocks of the table when the copy began
   * @param version of the server
   */
  record ByBlocks(
      CatalogueTable table, long file, long start, long blocks, int rangeBlocks, int version)
      implements CopyQueries {
    @Override
    public Optional<Query> first() {
      return Optional.of(range(start));
    }

    @Override
    public boolean resumesAtRows() {
      return false;
    }

    @Override
    public Optional<ResumePoint> end(Query query, SourceRow last) {
      return query
          .start()
          .map(point -> new BlockPosition(file, ((BlockPosition) point).block() + rangeBlocks))
          .filter(point -> point.block() < blocks)
          .map(ResumePoint.class::cast);
    }

    @Override
    public Optional<Query> next(int count, Optional<ResumePoint> end) {
      return end.map(point -> range(((BlockPosition) point).block()));
    }

    private Query range(long from) {
      BlockRange range = new BlockRange(from, rangeBlocks, from + rangeBlocks >= blocks);
      List<String> conditions = List.of(range.condition(version, table.oid()));
      return new Query(table.select(conditions), Optional.of(new BlockPosition(file, from)));
    }
  }

  /**
   * The rows with these keys.
   *
   * @param keys texts of the columns' values, for each row
   */
  record ByIds(CatalogueTable table, List<SourceColumn> columns, List<List<String>> keys)
      implements CopyQueries {
    @Override
    public Optional<Query> first() {
      String names =
          columns.stream()
              .map(column -> CatalogueTable.quoted(column.name()))
              .collect(Collectors.joining(", "));
      String values = keys.stream().map(this::values).collect(Collectors.joining(", "));
      return Optional.of(
          new Query(table.select(List.of("(" + names + ") IN (VALUES " + values + ")"))));
    }

    private String values(List<String> key) {
      StringBuilder row = new StringBuilder("(");
      for (int i = 0; i < key.size(); i++) {
        row.append(i == 0 ? "" : ", ")
            .append(CatalogueTable.literal(key.get(i)))
            .append("::")
            .append(columns.get(i).type());
      }
      return row.append(')').toString();
    }

    @Override
    public boolean resumesAtRows() {
      return false;
    }

    @Override
    public Optional<ResumePoint> end(Query query, SourceRow last) {
      return Optional.empty();
    }

    @Override
    public Optional<Query> next(int count, Optional<ResumePoint> end) {
      return Optional.empty();
    }
  }
}
