package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.ClauseCompiler;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.TableSelect;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Statement;

/** Compiles the subqueries of a stream (sync config section 8.3). */
final class SubqueryCompiler {
  private final CompilerSettings settings;
  private final StreamFunctions functions;
  private final QueryReport report;

  SubqueryCompiler(CompilerSettings settings, StreamFunctions functions, QueryReport report) {
    this.settings = settings;
    this.functions = functions;
    this.report = report;
  }

  /**
   * The subquery; empty after fatal messages.
   *
   * @param compared the value of the request that its results are compared with, if there is one
   */
  Optional<Subquery> compile(Expression.Subquery subquery, Optional<Clause.Value> compared) {
    return report
        .select(subquery.query())
        .flatMap(select -> TableSelect.open(select, select.span(), settings, report))
        .flatMap(query -> compile(query, compared));
  }

  private Optional<Subquery> compile(TableSelect query, Optional<Clause.Value> compared) {
    Statement.Select select = query.select();
    ClauseCompiler clauses =
        new ClauseCompiler(new StreamScope(query.scope(), functions), settings.fixedJson(), report);
    Optional<List<Term>> terms = terms(select, clauses);
    Optional<Clause.Value> result = result(select, clauses);
    if (terms.isEmpty() || result.isEmpty()) {
      return Optional.empty();
    }
    List<Term.RowFilter> rowFilters = new ArrayList<>();
    List<Term.RequestFilter> requestFilters = new ArrayList<>();
    List<Term.Parameter> keys = new ArrayList<>();
    for (Term term : terms.get()) {
      if (term instanceof Term.RowFilter filter) {
        rowFilters.add(filter);
      } else if (term instanceof Term.RequestFilter filter) {
        requestFilters.add(filter);
      } else if (term instanceof Term.Parameter parameter) {
        keys.add(parameter);
      }
    }
    compared.ifPresent(
        value ->
            keys.add(
                new Term.Parameter(
                    value.key(),
                    Values.ofRow(result.get().computation()),
                    Values.ofRequest(value.computation()))));
    if (keys.isEmpty() && requestFilters.isEmpty()) {
      report.fatal(
          "subquery-without-parameter",
          "The subquery has to depend on the request, as in WHERE owner = auth.user_id()");
      return Optional.empty();
    }
    return Optional.of(
        new Subquery(
            select.span().in(report.sql().text()),
            query.pattern(),
            query.scope().columns().names(),
            result.get().computation(),
            rowFilters,
            requestFilters,
            keys));
  }

  private Optional<List<Term>> terms(Statement.Select select, ClauseCompiler clauses) {
    if (select.where().isEmpty()) {
      return Optional.of(List.of());
    }
    Condition condition =
        new ConditionCompiler(clauses, Optional.empty(), report).compile(select.where().get());
    List<Condition> parts =
        condition instanceof Condition.All all ? all.conditions() : List.of(condition);
    for (Condition part : parts) {
      if (part instanceof Condition.Any any) {
        report.fatal(
            "subquery-or", "OR is not supported here; write the subquery twice", any.span());
        return Optional.empty();
      }
    }
    return condition.variants().filter(v -> !v.isEmpty()).map(v -> v.get(0));
  }

  private Optional<Clause.Value> result(Statement.Select select, ClauseCompiler clauses) {
    if (select.columns().size() != 1
        || select.columns().get(0).expression() instanceof Expression.Star) {
      report.fatal("subquery-one-column", "The subquery has to select one column", select.span());
      return Optional.empty();
    }
    Expression expression = select.columns().get(0).expression();
    Clause clause = clauses.compile(expression);
    if (clause instanceof Clause.Value value && value.origin() != Clause.Origin.REQUEST) {
      return Optional.of(value);
    }
    if (clause != Clause.BROKEN) {
      report.fatal(
          "parameter-match-not-allowed",
          "Values of the request cannot be selected; compare them in WHERE",
          expression.span());
    }
    return Optional.empty();
  }
}
