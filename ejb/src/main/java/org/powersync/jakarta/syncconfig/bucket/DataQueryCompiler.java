package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Compiles the data queries of a definition (sync config section 7.5). */
final class DataQueryCompiler {
  private final String definition;
  private final List<String> parameters;
  private final CompilerSettings settings;

  /**
   * @param parameters the bucket parameters, in order
   */
  DataQueryCompiler(String definition, List<String> parameters, CompilerSettings settings) {
    this.definition = definition;
    this.parameters = parameters;
    this.settings = settings;
  }

  /** The query; empty after fatal messages. */
  Optional<DataQuery> compile(QueryReport report) {
    Optional<Statement.Select> parsed = report.select();
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    Statement.Select select = parsed.get();
    if (select.from().size() != 1 || !(select.from().get(0) instanceof FromItem.Table table)) {
      report.fatal(
          "from-single-table",
          "A data query selects from exactly one table",
          select.from().isEmpty() ? select.span() : select.from().get(0).span());
      return Optional.empty();
    }
    Optional<TablePattern> pattern =
        TableReference.pattern(table, settings.defaultSchema(), report);
    if (pattern.isEmpty()) {
      return Optional.empty();
    }
    RowColumns columns = new RowColumns();
    String name = table.alias().orElse(table.name()).name();
    ClauseCompiler clauses =
        new ClauseCompiler(
            new DataQueryScope(name, pattern.get().wildcard(), columns),
            settings.fixedJson(),
            report);
    Optional<Match.Combinations> combinations = combinations(select, clauses, report);
    List<OutputColumns.Item> items = items(select, name, clauses, report);
    return combinations.map(
        matched ->
            new DataQuery(
                definition,
                pattern.get(),
                outputTable(table, pattern.get()),
                columns.names(),
                matched,
                items));
  }

  private static Optional<String> outputTable(FromItem.Table table, TablePattern pattern) {
    if (table.alias().isPresent() || pattern.wildcard()) {
      return table.alias().map(Identifier::name);
    }
    return Optional.of(pattern.name());
  }

  private Optional<Match.Combinations> combinations(
      Statement.Select select, ClauseCompiler clauses, QueryReport report) {
    Clause condition =
        select.where().map(clauses::compile).orElse(Clause.Value.constant(SqlValue.of(1)));
    if (condition == Clause.BROKEN) {
      return Optional.empty();
    }
    Match match = MatchCompiler.match(condition);
    Set<String> covered = new HashSet<>();
    match.parts().forEach(part -> covered.add(part.key()));
    if (!covered.equals(Set.copyOf(parameters))) {
      report.fatal(
          "bucket-parameters-not-covered",
          "The condition has to compare each of the bucket parameters, and no others: "
              + parameters);
      return Optional.empty();
    }
    int[] targets =
        match.parts().stream().mapToInt(part -> parameters.indexOf(part.key())).toArray();
    return Optional.of(match.reordered(targets));
  }

  private static List<OutputColumns.Item> items(
      Statement.Select select, String table, ClauseCompiler clauses, QueryReport report) {
    List<OutputColumns.Item> items = new ArrayList<>();
    boolean hasId = false;
    for (SelectColumn column : select.columns()) {
      if (column.expression() instanceof Expression.Star star) {
        if (star.table().isPresent() && !star.table().get().name().equals(table)) {
          report.fatal("undefined-reference", "Nothing of that name can be used here", star.span());
        }
        items.add(new OutputColumns.Item.Star());
        hasId = true;
        continue;
      }
      Computation computation = value(column.expression(), clauses, report);
      Optional<String> name = ColumnNames.of(column, report);
      if (name.isPresent()) {
        items.add(new OutputColumns.Item.Named(name.get(), computation));
        hasId |= name.get().equals("id");
      }
    }
    if (!hasId) {
      report.fatal(
          "missing-id-column", "A column id is needed; rename one with AS id", columnsSpan(select));
    }
    return items;
  }

  private static Span columnsSpan(Statement.Select select) {
    List<SelectColumn> columns = select.columns();
    return columns.isEmpty()
        ? select.span()
        : columns.get(0).span().to(columns.get(columns.size() - 1).span());
  }

  private static Computation value(
      Expression expression, ClauseCompiler clauses, QueryReport report) {
    Clause clause = clauses.compile(expression);
    if (clause instanceof Clause.Value value) {
      return value.computation();
    }
    if (clause != Clause.BROKEN) {
      report.fatal(
          "parameter-match-not-allowed",
          "Bucket parameters cannot be selected; select the column instead",
          expression.span());
    }
    return new Computation.Constant(SqlValue.NULL);
  }
}
