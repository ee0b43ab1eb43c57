package org.powersync.jakarta.syncconfig.query;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Identifier;

/**
 * The columns of a query's table.
 *
 * @param table the alias, or else the table name
 * @param wildcard whether {@code _table_suffix} is there
 * @param known the tables meant, to check names against; empty when unknown
 */
public record RowScope(
    String table, boolean wildcard, RowColumns columns, List<SourceSchema.Table> known)
    implements Scope {
  private static final String TABLE_SUFFIX = "_table_suffix";

  @Override
  public Clause column(Expression.ColumnReference reference, QueryReport report) {
    Optional<String> qualifier = reference.table().map(Identifier::name);
    String name = reference.column().name();
    if (qualifier.isPresent() && !qualifier.get().equals(table)) {
      return Scope.undefined(reference, report);
    }
    report.checkCase(reference.column());
    if (wildcard && name.equals(TABLE_SUFFIX)) {
      return value(Inputs::tableSuffix, name);
    }
    if (!known.isEmpty() && known.stream().noneMatch(t -> t.has(name))) {
      report.warning(
          "column-not-found", "The source has no column " + name, reference.column().span());
    }
    return value(new Computation.Column(columns.slot(name)), name);
  }

  private static Clause value(Computation computation, String name) {
    return new Clause.Value(computation, Clause.Origin.ROW, "column " + name, RequestUse.NONE);
  }

  @Override
  public Optional<Clause> qualifiedCall(Expression.Call call, QueryReport report) {
    return Optional.empty();
  }
}
