package org.powersync.jakarta.replication.postgres.pgoutput;

import java.util.List;
import java.util.UUID;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Column;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.type.ColumnDecoders;
import org.powersync.jakarta.replication.postgres.type.ReadPath;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.replication.postgres.type.ValueDecoder;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Decodes the tuples of one Relation message to rows and identities (replication sections 3.3, 3.4
 * and 3.6). Made once per Relation message, after its types were resolved. Safe for all threads.
 *
 * <p>Tuples follow the columns of the latest Relation message; a tuple of another width is an
 * internal error. Rows may throw {@link
 * org.powersync.jakarta.replication.postgres.type.UndecodableValueException}: the row cannot be
 * synced, its identity still can be computed, unless the value is part of it.
 */
public final class RelationLayout {
  private final Relation relation;
  private final ColumnDecoders columns;
  private final ValueDecoder[] identityDecoders;
  private final RowIdentity identity;
  private final boolean identityInRow;

  private RelationLayout(Relation relation, ColumnDecoders columns, ValueDecoder[] identityOnes) {
    this.relation = relation;
    this.columns = columns;
    this.identityDecoders = identityOnes;
    List<String> names = relation.identityColumns().stream().map(Column::name).toList();
    this.identity = RowIdentity.forColumns(columns.layout(), names);
    boolean same = true;
    for (int column : identity.columns()) {
      same &= identityOnes[column] == columns.decoder(column);
    }
    this.identityInRow = same;
  }

  /** A layout for rows under these options. */
  public static RelationLayout of(
      Relation relation, TypeRegistry types, Compatibility compatibility) {
    List<String> names = relation.columns().stream().map(Column::name).toList();
    ColumnDecoders columns =
        ColumnDecoders.of(names, relation.typeOids(), types, compatibility, ReadPath.STREAM);
    ValueDecoder[] identityDecoders = new ValueDecoder[names.size()];
    for (int i = 0; i < identityDecoders.length; i++) {
      Column column = relation.columns().get(i);
      if (column.identity()) {
        identityDecoders[i] =
            types.readPathMatters(column.typeOid(), compatibility)
                ? types.decoder(column.typeOid(), compatibility, ReadPath.SNAPSHOT)
                : columns.decoder(i);
      }
    }
    return new RelationLayout(relation, columns, identityDecoders);
  }

  public Relation relation() {
    return relation;
  }

  public ColumnLayout columns() {
    return columns.layout();
  }

  /** A row and what it is called in storage. */
  public record IdentifiedRow(SourceRow row, UUID identity) {}

  /** The new row of an insert. */
  public IdentifiedRow insert(PgOutputMessage.Insert insert) {
    return identified(insert.after(), null);
  }

  /** The new row of an update; unchanged values come from the old row or stay absent. */
  public IdentifiedRow after(PgOutputMessage.Update update) {
    return identified(update.after(), update.before());
  }

  /** The row a tuple stands for; {@code before} may be null. */
  public SourceRow row(Tuple tuple, Tuple before) {
    expectWidth(tuple);
    SqlValue[] values = new SqlValue[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = source(tuple, before, i).value(i, columns.decoder(i));
    }
    return new SourceRow(columns.layout(), values);
  }

  /**
   * The identity of the row a tuple stands for, without decoding other columns; {@code before} may
   * be null. A row of a table without identity columns gets a new random one with every call.
   */
  public UUID identity(Tuple tuple, Tuple before) {
    expectWidth(tuple);
    return identity.of(
        column -> source(tuple, before, column).value(column, identityDecoders[column]));
  }

  private IdentifiedRow identified(Tuple tuple, Tuple before) {
    SourceRow row = row(tuple, before);
    return new IdentifiedRow(row, identityInRow ? identity.of(row) : identity(tuple, before));
  }

  private Tuple source(Tuple tuple, Tuple before, int column) {
    if (before != null && tuple.absent(column)) {
      expectWidth(before);
      return before;
    }
    return tuple;
  }

  private void expectWidth(Tuple tuple) {
    if (tuple.size() != columns.size()) {
      throw new PowerSyncException(
              ErrorCode.PSYNC_S1101, "row does not have the columns of its relation")
          .with("schema", relation.schema())
          .with("table", relation.name())
          .with("columns", columns.size())
          .with("received", tuple.size());
    }
  }
}
