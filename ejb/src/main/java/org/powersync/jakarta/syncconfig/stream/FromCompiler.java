package org.powersync.jakarta.syncconfig.stream;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.SyncPlan;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.Join;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.Statement;

/** The items of one FROM: registers their names and takes over the conditions of subqueries. */
final class FromCompiler {
  /** Stands for a subquery that could not be compiled. */
  private static final Scope.Source NOTHING = new Scope.Source.Derived(Map.of(), false);

  private final QueryCompiler queries;
  private final Scope scope;
  private final List<Condition> conditions;
  private final Report report;

  FromCompiler(QueryCompiler queries, Scope scope, List<Condition> conditions) {
    this.queries = queries;
    this.scope = scope;
    this.conditions = conditions;
    this.report = queries.report();
  }

  /** Adds an item; {@code statement} is the query it stands in. */
  void add(FromItem item, Span statement) {
    item.join()
        .filter(join -> join.type() != Join.Type.INNER || !join.using().isEmpty())
        .ifPresent(
            join ->
                report.fatal(
                    "clause-not-supported",
                    "Only inner joins are supported, with ON or a condition in WHERE",
                    queries.origin(statement)));
    if (item instanceof FromItem.Table table) {
      table(table);
    } else if (item instanceof FromItem.Function function) {
      function(function);
    } else {
      subquery((FromItem.Subquery) item);
    }
  }

  private void table(FromItem.Table table) {
    String name = table.alias().orElse(table.name()).name();
    Optional<CommonTables.Query> common =
        table.schema().isEmpty() ? queries.common(table.name().name()) : Optional.empty();
    if (common.isPresent()) {
      Scope.Source source =
          common
              .get()
              .select()
              .map(
                  select ->
                      derived(
                          queries.overCommon(common.get().sql()),
                          select,
                          List.of(),
                          queries.origin(table.span())))
              .orElse(NOTHING);
      register(name, source, table.span());
      return;
    }
    pattern(table)
        .ifPresent(
            pattern ->
                register(
                    name,
                    new Scope.Source.Of(
                        new Item.Table(
                            pattern,
                            table.alias().map(Identifier::name),
                            queries.origin(table.span()))),
                    table.span()));
  }

  private Optional<SyncPlan.Table> pattern(FromItem.Table table) {
    String name = table.name().name();
    if (table.schema().isEmpty()) {
      return Optional.of(new SyncPlan.Table(Optional.empty(), Optional.empty(), name));
    }
    String[] parts = table.schema().get().name().split("\\.", -1);
    if (parts.length > 2) {
      return report.broken(
          "undefined-reference",
          "A schema is written as schema or \"connection.schema\"",
          queries.origin(table.nameSpan()));
    }
    return Optional.of(
        parts.length == 1
            ? new SyncPlan.Table(Optional.of("default"), Optional.of(parts[0]), name)
            : new SyncPlan.Table(Optional.of(parts[0]), Optional.of(parts[1]), name));
  }

  private void function(FromItem.Function function) {
    String name = function.call().function().name().name();
    Origin origin = queries.origin(function.span());
    if (function.call().function().qualifier().isPresent() || !name.equals("json_each")) {
      report.fatal(
          "unknown-table-valued-function",
          "The only table function is json_each",
          queries.origin(function.call().function().span()));
      return;
    }
    if (function.call().arguments().size() != 1) {
      report.fatal(
          "wrong-argument-count",
          "json_each takes one argument",
          queries.origin(function.call().function().span()));
      return;
    }
    Optional<Item.Function> item =
        queries
            .scalars(scope)
            .compile(function.call().arguments().get(0))
            .flatMap(argument -> queries.jsonEach(argument, origin));
    // A broken one keeps its name, so that its columns are not reported as well.
    register(
        function.alias().map(Identifier::name).orElse(name),
        new Scope.Source.Of(
            item.orElseGet(() -> new Item.Function(name, List.of(), Optional.empty(), origin))),
        function.span());
  }

  private void subquery(FromItem.Subquery subquery) {
    Origin origin = queries.origin(subquery.querySpan());
    Scope.Source source =
        Selects.check(subquery.query(), origin.sql(), report)
            .map(select -> derived(queries, select, subquery.columnNames(), origin))
            .orElse(NOTHING);
    register(subquery.alias().map(Identifier::name).orElse(""), source, subquery.span());
  }

  /** Compiles a subquery; what it brings besides its columns is taken over. */
  private Scope.Source derived(
      QueryCompiler inner, Statement.Select select, List<Identifier> names, Origin origin) {
    int before = report.fatalCount();
    QueryCompiler.Derived derived = inner.derived(select, Optional.empty());
    conditions.addAll(derived.conditions());
    if (names.isEmpty()) {
      select.columns().stream().filter(FromCompiler::isExpression).forEach(inner::checkNamed);
    } else if (names.size() != derived.columns().size()) {
      report.fatal(
          "subquery-column-count",
          "The subquery has another number of columns than names are given",
          origin);
      return NOTHING;
    }
    Map<String, PlanExpression<Reference>> columns = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < derived.columns().size(); i++) {
      QueryCompiler.Column column = derived.columns().get(i);
      String name = names.isEmpty() ? column.name() : names.get(i).name();
      if (!taken.add(name)) {
        report.fatal(
            "subquery-duplicate-column",
            "The subquery has two columns named " + name,
            names.isEmpty() ? column.origin() : queries.origin(names.get(i).span()));
      }
      column.expression().ifPresent(expression -> columns.putIfAbsent(name, expression));
    }
    return new Scope.Source.Derived(columns, report.fatalCount() == before);
  }

  private static boolean isExpression(SelectColumn column) {
    return !(column.expression() instanceof Expression.Star);
  }

  private void register(String name, Scope.Source source, Span span) {
    if (!scope.add(name, source)) {
      report.fatal(
          "duplicate-table-name",
          "FROM has two tables named " + name + "; give one an alias",
          queries.origin(span));
    }
  }
}
