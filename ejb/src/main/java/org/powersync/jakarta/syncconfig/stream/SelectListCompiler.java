package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Statement;

/** The result columns of a stream's query, and the primary table they come from (section 9.1). */
final class SelectListCompiler {
  private final QueryCompiler queries;
  private final Scope scope;
  private final Report report;
  private final List<StreamQuery.Column> columns = new ArrayList<>();
  private final Set<Item.Table> tables = new LinkedHashSet<>();
  private boolean aliased;

  SelectListCompiler(QueryCompiler queries, Scope scope) {
    this.queries = queries;
    this.scope = scope;
    this.report = queries.report();
  }

  List<StreamQuery.Column> columns() {
    return columns;
  }

  /** Compiles the list and finds the primary table; empty after a fatal message. */
  Optional<Item.Table> compile(Statement.Select select) {
    for (SelectColumn column : select.columns()) {
      if (column.expression() instanceof Expression.Star star) {
        star(star);
      } else {
        expression(column);
      }
    }
    if (tables.isEmpty()) {
      return report.broken(
          "no-result-table",
          "The result has to have columns of a table",
          queries.origin(select.span()));
    }
    Item.Table primary = tables.iterator().next();
    checkAlias(select, primary);
    return Optional.of(primary);
  }

  private void star(Expression.Star star) {
    Origin origin = queries.origin(star.span());
    if (aliased) {
      report.warning("star-after-alias", "Columns of * replace those named before it", origin);
    }
    Optional<Scope.Source> source = source(star, origin);
    if (source.isEmpty()) {
      return;
    }
    if (source.get() instanceof Scope.Source.Of of && of.item() instanceof Item.Table table) {
      use(table, origin);
      columns.add(new StreamQuery.Column(Optional.empty(), "*"));
    } else {
      report.fatal("select-not-from-table", "Only a table has all columns with *", origin);
    }
  }

  private Optional<Scope.Source> source(Expression.Star star, Origin origin) {
    if (star.table().isPresent()) {
      Optional<Scope.Source> named = scope.find(star.table().get().name());
      return named.isPresent()
          ? named
          : report.broken(
              "undefined-reference", "FROM has no " + star.table().get().name(), origin);
    }
    if (scope.sources().size() > 1) {
      return report.broken(
          "select-from-multiple-tables",
          "All columns come from one table; write table.* for the one to sync",
          origin);
    }
    return scope.sources().values().stream().findFirst();
  }

  private void expression(SelectColumn column) {
    aliased |= column.alias().isPresent();
    queries.checkNamed(column);
    Optional<PlanExpression<Reference>> expression =
        queries.scalars(scope).compile(column.expression());
    if (expression.isEmpty()) {
      return;
    }
    Origin origin = queries.origin(column.expression().span());
    expression
        .get()
        .forEachInput(
            reference -> {
              if (reference instanceof Reference.RequestData request) {
                report.fatal(
                    "selects-connection-parameter",
                    "Result columns cannot depend on the request",
                    request.origin());
              } else {
                use(reference.dependency(), origin);
              }
            });
    columns.add(new StreamQuery.Column(expression, queries.name(column)));
  }

  private void use(Dependency dependency, Origin origin) {
    if (dependency instanceof Item.Function function) {
      if (function.input().isPresent()) {
        if (function.input().get() instanceof Item.Table table) {
          use(table, origin);
        } else {
          report.fatal("select-not-from-table", "Result columns come from a table's rows", origin);
        }
      }
      return;
    }
    Item.Table table = (Item.Table) dependency;
    if (tables.add(table) && tables.size() > 1) {
      report.fatal(
          "select-from-multiple-tables",
          "All result columns come from one table; make this a query of its own",
          origin);
    }
  }

  private void checkAlias(Statement.Select select, Item.Table primary) {
    if (select.from().size() < 2) {
      return;
    }
    for (FromItem item : select.from()) {
      if (queries.origin(item.span()).equals(primary.origin())
          && item.alias().filter(alias -> !alias.quoted()).isPresent()) {
        report.warning(
            "aliased-primary-in-join",
            "The alias "
                + item.alias().map(Identifier::name).orElseThrow()
                + " renames the table for clients; put it in quotes if that is meant",
            primary.origin());
      }
    }
  }
}
