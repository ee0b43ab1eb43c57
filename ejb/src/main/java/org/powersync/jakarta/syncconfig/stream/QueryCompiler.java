package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/** Resolves the names of queries over one SQL text (sync config section 9.1). */
final class QueryCompiler {
  private final SqlText sql;
  private final CommonTables common;
  private final Report report;

  /** FROM and WHERE of a query. */
  record Resolved(Scope scope, List<Condition> conditions) {}

  /**
   * A result column of a subquery.
   *
   * @param expression empty when it could not be compiled
   */
  record Column(String name, Optional<PlanExpression<Reference>> expression, Origin origin) {}

  /** A subquery or common table expression, ready to be taken apart. */
  record Derived(List<Column> columns, List<Condition> conditions) {}

  QueryCompiler(SqlText sql, CommonTables common, Report report) {
    this.sql = sql;
    this.common = common;
    this.report = report;
  }

  Report report() {
    return report;
  }

  /** A compiler for a common table expression, which cannot use others. */
  QueryCompiler overCommon(SqlText other) {
    return new QueryCompiler(other, CommonTables.NONE, report);
  }

  Origin origin(Span span) {
    return new Origin(sql, span);
  }

  Optional<CommonTables.Query> common(String name) {
    return common.use(name);
  }

  ScalarCompiler scalars(Scope scope) {
    return new ScalarCompiler(scope, sql, report);
  }

  /** Names and conditions of a query. */
  Resolved resolve(Statement.Select select, Optional<Scope> outer) {
    Scope scope = new Scope(outer);
    List<Condition> conditions = new ArrayList<>();
    FromCompiler from = new FromCompiler(this, scope, conditions);
    ConditionCompiler on = new ConditionCompiler(this, scalars(scope));
    for (FromItem item : select.from()) {
      from.add(item, select.span());
      item.join().flatMap(join -> join.on()).flatMap(on::compile).ifPresent(conditions::add);
    }
    select.where().flatMap(on::compile).ifPresent(conditions::add);
    return new Resolved(scope, conditions);
  }

  /** A subquery; its scope sees an outer one where that is allowed. */
  Derived derived(Statement.Select select, Optional<Scope> outer) {
    Resolved resolved = resolve(select, outer);
    ScalarCompiler scalars = scalars(resolved.scope());
    List<Column> columns = new ArrayList<>();
    for (SelectColumn column : select.columns()) {
      if (column.expression() instanceof Expression.Star star) {
        report.fatal("star-not-allowed", "Name the columns of a subquery", origin(star.span()));
      } else {
        columns.add(
            new Column(name(column), scalars.compile(column.expression()), origin(column.span())));
      }
    }
    return new Derived(columns, resolved.conditions());
  }

  /** The name of a result column; without alias and name of its own, its text. */
  String name(SelectColumn column) {
    return column
        .alias()
        .map(Identifier::name)
        .orElseGet(
            () ->
                column.expression() instanceof Expression.ColumnReference reference
                    ? reference.column().name()
                    : column.expression().span().in(sql.text()));
  }

  /** Warns about a result column that is named by its text. */
  void checkNamed(SelectColumn column) {
    if (column.alias().isEmpty() && !(column.expression() instanceof Expression.ColumnReference)) {
      report.warning(
          "column-name-unspecified",
          "Give the column a name with AS",
          origin(column.expression().span()));
    }
  }

  /** The table function {@code json_each} over what its argument depends on. */
  Optional<Item.Function> jsonEach(PlanExpression<Reference> argument, Origin origin) {
    int before = report.fatalCount();
    Optional<Dependency> input = new Dependencies(report).single(argument);
    if (report.fatalCount() > before) {
      return Optional.empty();
    }
    if (input.isPresent() && input.get() instanceof Item.Function) {
      return report.broken(
          "table-valued-of-table-valued",
          "A table function cannot run over the rows of another one",
          origin);
    }
    return Optional.of(new Item.Function("json_each", List.of(argument), input, origin));
  }
}
