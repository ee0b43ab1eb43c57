package org.powersync.jakarta.syncconfig.bucket;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.Inputs;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Identifier;

/**
 * Names in a data query: columns of its table, and bucket parameters.
 *
 * @param table the alias, or else the table name
 * @param wildcard whether {@code _table_suffix} is there
 */
record DataQueryScope(String table, boolean wildcard, RowColumns columns) implements Scope {
  private static final String PARAMETERS = "bucket";
  private static final String TABLE_SUFFIX = "_table_suffix";

  @Override
  public Clause column(Expression.ColumnReference reference, QueryReport report) {
    Optional<String> qualifier = reference.table().map(Identifier::name);
    String name = reference.column().name();
    if (qualifier.isPresent() && qualifier.get().equals(PARAMETERS)) {
      report.checkCase(reference.column());
      return new Clause.BucketParameter(name);
    }
    if (qualifier.isPresent() && !qualifier.get().equals(table)) {
      return Scope.undefined(reference, report);
    }
    report.checkCase(reference.column());
    return wildcard && name.equals(TABLE_SUFFIX)
        ? row(Inputs::tableSuffix, name)
        : row(new Computation.Column(columns.slot(name)), name);
  }

  static Clause row(Computation computation, String name) {
    return new Clause.Value(computation, Clause.Origin.ROW, "column " + name, RequestUse.NONE);
  }

  @Override
  public Optional<Clause> qualifiedCall(Expression.Call call, QueryReport report) {
    if (!RequestFunctions.isRequest(call.function())) {
      return Optional.empty();
    }
    return Optional.of(
        report.broken(
            "request-function-in-data-query",
            "Select request values in a parameter query and compare with bucket parameters here",
            call.span()));
  }
}
