package org.powersync.jakarta.replication.postgres.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
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
 */
public record CatalogueTable(
    long oid,
    TableName name,
    ReplicaIdentity identity,
    List<SourceColumn> columns,
    long estimatedRows,
    boolean published,
    boolean rowsHidden) {
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

  /** Start of a query for all replicated columns. */
  String select() {
    return "SELECT "
        + columns.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", "))
        + " FROM ONLY "
        + quoted(name.schema())
        + "."
        + quoted(name.name());
  }

  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A text constant; the session has {@code standard_conforming_strings} on. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
