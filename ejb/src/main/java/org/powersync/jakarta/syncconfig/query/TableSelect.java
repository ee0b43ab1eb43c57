package org.powersync.jakarta.syncconfig.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.RowColumns;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Span;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * A query over one table while it is compiled.
 *
 * @param pattern the table
 * @param scope its columns, to which the compiling adds
 */
public record TableSelect(
    Statement.Select select,
    FromItem.Table table,
    TablePattern pattern,
    RowScope scope,
    List<SourceSchema.Table> known,
    QueryReport report) {

  /** Opens a query; empty after fatal messages. */
  public static Optional<TableSelect> open(
      Statement.Select select, CompilerSettings settings, QueryReport report) {
    Span source = select.from().isEmpty() ? select.span() : select.from().get(0).span();
    return open(select, source, settings, report);
  }

  /**
   * Opens a query; empty after fatal messages.
   *
   * @param source what is blamed when it is not one table
   */
  public static Optional<TableSelect> open(
      Statement.Select select, Span source, CompilerSettings settings, QueryReport report) {
    if (select.from().size() != 1 || !(select.from().get(0) instanceof FromItem.Table table)) {
      report.fatal("from-single-table", "This query has to select from exactly one table", source);
      return Optional.empty();
    }
    return TableReference.pattern(table, settings, report)
        .map(
            pattern -> {
              List<SourceSchema.Table> known = settings.tables(pattern);
              String name = table.alias().orElse(table.name()).name();
              RowScope scope = new RowScope(name, pattern.wildcard(), new RowColumns(), known);
              return new TableSelect(select, table, pattern, scope, known, report);
            });
  }

  /** Whether the select list has to give the rows an id. */
  public enum Id {
    REQUIRED,
    OPTIONAL
  }

  /** The select list; of no use after fatal messages. */
  public TableProjection projection(ClauseCompiler clauses, Id id) {
    List<OutputColumns.Item> items = new ArrayList<>();
    boolean hasId = id == Id.OPTIONAL;
    for (SelectColumn column : select.columns()) {
      if (column.expression() instanceof Expression.Star star) {
        checkStar(star, id);
        items.add(new OutputColumns.Item.Star());
        hasId = true;
        continue;
      }
      Computation computation = value(column.expression(), clauses);
      Optional<String> name = ColumnNames.of(column, report);
      if (name.isPresent()) {
        items.add(new OutputColumns.Item.Named(name.get(), computation));
        hasId |= name.get().equals("id");
      }
    }
    if (!hasId) {
      report.fatal("missing-id-column", "A column id is needed; rename one with AS id", listSpan());
    }
    return new TableProjection(
        pattern, outputTable(), scope.columns().names(), items, select.columns());
  }

  private Optional<String> outputTable() {
    if (table.alias().isPresent() || pattern.wildcard()) {
      return table.alias().map(Identifier::name);
    }
    return Optional.of(pattern.name());
  }

  private void checkStar(Expression.Star star, Id id) {
    if (star.table().isPresent() && !star.table().get().name().equals(scope.table())) {
      report.fatal("undefined-reference", "Nothing of that name can be used here", star.span());
    }
    if (id == Id.REQUIRED && !known.isEmpty() && known.stream().noneMatch(t -> t.has("id"))) {
      report.warning(
          "missing-id-column", "The source has no column id; add one with AS id", star.span());
    }
  }

  private Span listSpan() {
    List<SelectColumn> columns = select.columns();
    return columns.isEmpty()
        ? select.span()
        : columns.get(0).span().to(columns.get(columns.size() - 1).span());
  }

  private Computation value(Expression expression, ClauseCompiler clauses) {
    Clause clause = clauses.compile(expression);
    if (clause instanceof Clause.Value value && value.origin() != Clause.Origin.REQUEST) {
      return value.computation();
    }
    if (clause != Clause.BROKEN) {
      report.fatal(
          "parameter-match-not-allowed",
          "Parameters and values of the request cannot be selected; select the column instead",
          expression.span());
    }
    return new Computation.Constant(SqlValue.NULL);
  }
}
