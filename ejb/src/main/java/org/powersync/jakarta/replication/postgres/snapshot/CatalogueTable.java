package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.replication.postgres.pgoutput.ReplicaIdentity;
import org.powersync.jakarta.storage.IdentityColumn;
import org.powersync.jakarta.storage.SourceDescriptor;
import org.powersync.jakarta.syncconfig.TableName;

/**
 * A table of the source as the catalogue describes it now.
 *
 * @param columns those that are replicated, in order
 * @param estimatedRows −1 when never analysed
 * @param published in the publication
 * @param rowsHidden row level security applies to the role of the connection
 * @param columnList the publication lists its columns; others are not among {@code columns}
 * @param rowFilter condition of the publication that published rows meet
 */
public record CatalogueTable(
    long oid,
    TableName name,
    ReplicaIdentity identity,
    List<SourceColumn> columns,
    long estimatedRows,
    boolean published,
    boolean rowsHidden,
    boolean columnList,
    Optional<String> rowFilter) {
  /** text, varchar, uuid, int2, int4, int8: types whose order and equality a copy can rely on. */
  private static final Set<Long> KEY_TYPES = Set.of(25L, 1043L, 2950L, 21L, 23L, 20L);

  public CatalogueTable {
    columns = List.copyOf(columns);
  }

  public List<SourceColumn> identityColumns() {
    return columns.stream().filter(SourceColumn::identity).toList();
  }

  /** The column that a copy can go by, piece by piece (2.3). */
  public Optional<SourceColumn> key() {
    List<SourceColumn> identityColumns = identityColumns();
    boolean usable =
        identity != ReplicaIdentity.FULL
            && identityColumns.size() == 1
            && KEY_TYPES.contains(identityColumns.get(0).typeOid());
    return usable ? Optional.of(identityColumns.get(0)) : Optional.empty();
  }

  /** As storage wants it described; equal to what the replication stream's description gives. */
  public SourceDescriptor descriptor() {
    return new SourceDescriptor(
        1,
        name,
        OptionalLong.of(oid),
        identityColumns().stream()
            .map(column -> identityColumn(column.name(), column.typeOid()))
            .toList(),
        identity == ReplicaIdentity.FULL);
  }

  /** An identity column as stored: without the name of its type. */
  public static IdentityColumn identityColumn(String name, long typeOid) {
    return new IdentityColumn(name, Optional.empty(), OptionalInt.of((int) typeOid));
  }

  public List<String> columnNames() {
    return columns.stream().map(SourceColumn::name).toList();
  }

  public List<Long> typeOids() {
    return columns.stream().map(SourceColumn::typeOid).toList();
  }

  /**
   * A query for all replicated columns of the rows that are replicated and meet the conditions.
   * Children that inherit from the table are tables of their own.
   */
  String select(List<String> conditions) {
    List<String> all = new ArrayList<>();
    rowFilter.ifPresent(filter -> all.add("(" + filter + ")"));
    all.addAll(conditions);
    return "SELECT "
        + columns.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", "))
        + " FROM ONLY "
        + quotedName()
        + (all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all));
  }

  /** Schema and name, ready for a statement. */
  public String quotedName() {
    return quoted(name.schema()) + "." + quoted(name.name());
  }

  /** What row level security does to the copy; for tables with {@link #rowsHidden}. */
  public String hiddenRowsMessage() {
    return "["
        + ErrorCode.PSYNC_S1145
        + "] Row level security may hide rows of "
        + quotedName()
        + " from the copy; run: ALTER ROLE … BYPASSRLS for the role of the source connection";
  }

  /** What the publication leaves out of the table. */
  public Optional<String> filterMessage() {
    List<String> parts = new ArrayList<>();
    if (columnList) {
      parts.add("some columns");
    }
    rowFilter.ifPresent(filter -> parts.add("rows that do not meet " + filter));
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The publication leaves out "
                + String.join(" and ", parts)
                + " of "
                + quotedName()
                + "; they are not synced");
  }

  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A text constant; the session has {@code standard_conforming_strings} on. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
