package org.powersync.jakarta.syncconfig.stream;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** Finds what a column name stands for (sync config section 9.1). */
record NameResolver(Scope scope, SqlText sql, Report report) {

  Optional<PlanExpression<Reference>> column(Expression.ColumnReference reference) {
    Origin origin = new Origin(sql, reference.span());
    if (reference.schema().isPresent()) {
      return report.broken(
          "schema-in-column-reference",
          "Columns are named without schema, as in table.column",
          origin);
    }
    Optional<Scope.Source> source =
        reference.table().isPresent()
            ? named(reference.table().get().name(), origin)
            : only(reference.column().name(), origin);
    return source.flatMap(found -> column(found, reference.column().name(), origin));
  }

  private Optional<Scope.Source> named(String table, Origin origin) {
    Optional<Scope.Source> source = scope.find(table);
    return source.isPresent()
        ? source
        : report.broken("undefined-reference", "FROM has no " + table, origin);
  }

  private Optional<Scope.Source> only(String column, Origin origin) {
    Optional<Scope> innermost = scope.innermost();
    if (innermost.isEmpty()) {
      return report.broken(
          "undefined-reference", "There is no table to take " + column + " from", origin);
    }
    if (innermost.get().sources().size() > 1) {
      return report.broken(
          "ambiguous-reference", "FROM has several tables; write table." + column, origin);
    }
    return Optional.of(innermost.get().sources().values().iterator().next());
  }

  private Optional<PlanExpression<Reference>> column(
      Scope.Source source, String name, Origin origin) {
    if (source instanceof Scope.Source.Derived derived) {
      PlanExpression<Reference> expression = derived.columns().get(name);
      return expression != null || !derived.complete()
          ? Optional.ofNullable(expression)
          : report.broken(
              "subquery-column-not-found", "The subquery has no column " + name, origin);
    }
    Item item = ((Scope.Source.Of) source).item();
    if (item instanceof Item.Function && !name.equals("key") && !name.equals("value")) {
      return report.broken("undefined-reference", "json_each has columns key and value", origin);
    }
    return Optional.of(new PlanExpression.Input<>(new Reference.Column(item, name, origin)));
  }
}
