package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.ClauseCompiler;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.query.Match;
import org.powersync.jakarta.syncconfig.query.MatchCompiler;
import org.powersync.jakarta.syncconfig.query.MatchPart;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RequestUse;
import org.powersync.jakarta.syncconfig.query.RowScope;
import org.powersync.jakarta.syncconfig.query.Scope;
import org.powersync.jakarta.syncconfig.query.TableReference;
import org.powersync.jakarta.syncconfig.query.UnusableQueryException;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Compiles one parameter query (sync config section 7.2). */
final class ParameterQueryCompiler {
  private static final String JSON_EACH = "json_each";
  private static final Computation TRUE = new Computation.Constant(SqlValue.of(1));

  private final String definition;
  private final int queryId;
  private final CompilerSettings settings;
  private final QueryReport report;
  private final SelectedParameters.Defaults defaults;

  ParameterQueryCompiler(
      String definition,
      int queryId,
      SelectedParameters.Defaults defaults,
      CompilerSettings settings,
      QueryReport report) {
    this.definition = definition;
    this.queryId = queryId;
    this.defaults = defaults;
    this.settings = settings;
    this.report = report;
  }

  /** The query; empty when nothing can be made of it, not even the names of its columns. */
  Optional<ParameterQuery> compile() {
    Optional<Statement.Select> parsed = report.select();
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    Statement.Select select = parsed.get();
    if (select.from().size() > 1) {
      report.fatal(
          "from-single-table",
          "A parameter query selects from one table at most",
          select.from().get(0).span());
      return Optional.empty();
    }
    try {
      if (select.from().isEmpty()) {
        return Optional.of(fixed(select));
      }
      FromItem from = select.from().get(0);
      if (from instanceof FromItem.Table table) {
        return overTable(select, table);
      }
      if (from instanceof FromItem.Function function) {
        return overFunction(select, function);
      }
      report.fatal("subquery-in-from", "Subqueries are not supported here", from.span());
      return Optional.empty();
    } catch (UnusableQueryException reported) {
      return Optional.empty();
    }
  }

  private ClauseCompiler clauses(Scope scope) {
    return new ClauseCompiler(scope, settings.fixedJson(), report);
  }

  private StaticQuery fixed(Statement.Select select) {
    ClauseCompiler clauses = clauses(ParameterQueryScope.withoutFrom());
    Clause.Value condition = requestCondition(select, clauses);
    SelectedParameters selected = SelectedParameters.of(select, clauses, defaults, true, report);
    boolean usesClient = condition.use().and(selected.use()).client();
    defaults.warnDangerous(usesClient && !selected.use().token(), report);
    return new StaticQuery(
        selected.priority(),
        report.sql().text(),
        condition.computation(),
        selected.requestColumns());
  }

  private Optional<ParameterQuery> overFunction(
      Statement.Select select, FromItem.Function function) {
    Expression.Call call = function.call();
    boolean known =
        call.function().qualifier().isEmpty()
            && call.function().name().name().toLowerCase(Locale.ROOT).equals(JSON_EACH);
    if (!known) {
      report.fatal(
          "unknown-table-valued-function",
          "json_each is the only function that can be selected from",
          function.span());
      return Optional.empty();
    }
    if (call.arguments().size() != 1) {
      report.fatal("wrong-argument-count", "json_each takes one argument", call.span());
      return Optional.empty();
    }
    ClauseCompiler outside = clauses(ParameterQueryScope.withoutFrom());
    Clause.Value document = requestValue(outside.compile(call.arguments().get(0)));
    String name = function.alias().map(Identifier::name).orElse(JSON_EACH);
    ClauseCompiler clauses =
        clauses(
            ParameterQueryScope.overElements(
                name,
                Map.of(
                    "key", elementColumn("key", ElementQuery.KEY),
                    "value", elementColumn("value", ElementQuery.VALUE))));
    Clause.Value condition = requestCondition(select, clauses);
    SelectedParameters selected = SelectedParameters.of(select, clauses, defaults, false, report);
    boolean token = selected.use().token() || document.use().token();
    boolean client = condition.use().and(selected.use()).and(document.use()).client();
    defaults.warnDangerous(client && !token, report);
    return Optional.of(
        new ElementQuery(
            selected.priority(),
            report.sql().text(),
            document.computation(),
            settings.fixedJson(),
            condition.computation(),
            selected.requestColumns()));
  }

  private static Clause elementColumn(String name, int slot) {
    return new Clause.Value(
        new Computation.Column(slot), Clause.Origin.REQUEST, "element " + name, RequestUse.NONE);
  }

  private Optional<ParameterQuery> overTable(Statement.Select select, FromItem.Table table) {
    if (table.alias().isPresent()) {
      report.fatal(
          "parameter-query-alias",
          "The table of a parameter query has no alias; use its name",
          table.alias().get().span());
      return Optional.empty();
    }
    Optional<TablePattern> pattern = TableReference.pattern(table, settings, report);
    if (pattern.isEmpty()) {
      return Optional.empty();
    }
    RowColumns columns = new RowColumns();
    RowScope scope =
        new RowScope(table.name().name(), false, columns, settings.tables(pattern.get()));
    ClauseCompiler clauses = clauses(ParameterQueryScope.overTable(scope));
    Match match =
        select
            .where()
            .map(where -> MatchCompiler.match(clauses.compile(where)))
            .orElse(Match.filter(TRUE));
    long expanding =
        match.parts().stream().filter(p -> p.kind() == MatchPart.Kind.EXPANDING).count();
    if (expanding > 1) {
      report.fatal("multiple-array-inputs", "Only one array of the request can be used with IN");
    }
    SelectedParameters selected = SelectedParameters.of(select, clauses, defaults, true, report);
    boolean token = selected.use().token() || match.use().token();
    defaults.warnDangerous(selected.use().and(match.use()).client() && !token, report);
    List<String> names = new ArrayList<>(selected.names());
    return Optional.of(
        new TableParameterQuery(
            selected.priority(),
            definition,
            report.sql().text(),
            Integer.toString(queryId),
            pattern.get(),
            columns.names(),
            match,
            names,
            selected.rowColumns(),
            selected.requestColumns()));
  }

  private Clause.Value requestCondition(Statement.Select select, ClauseCompiler clauses) {
    return select
        .where()
        .map(where -> requestValue(clauses.compile(where)))
        .orElse(Clause.Value.constant(SqlValue.of(1)));
  }

  /** Without a table everything is a value, unless it was reported. */
  private static Clause.Value requestValue(Clause clause) {
    return clause instanceof Clause.Value value ? value : Clause.Value.constant(SqlValue.NULL);
  }
}
