package org.powersync.jakarta.syncconfig.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FromItem;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;

/**
 * The names of one query against a schema. Where the columns of a table cannot be known, of a
 * subquery or a common table expression, nothing is said.
 *
 * @param expressions names of common table expressions
 */
record QueryCheck(
    SqlText sql,
    Set<String> expressions,
    String defaultSchema,
    SourceSchema schema,
    Messages messages) {
  private static final String ID = "id";

  /** A column that wildcard tables have without having it. */
  private static final String TABLE_SUFFIX = "_table_suffix";

  void statement(Statement statement, Optional<QueryTables> outer, boolean idNeeded) {
    if (!(statement instanceof Statement.Select select)) {
      return;
    }
    QueryTables tables = QueryTables.within(outer);
    for (FromItem item : select.from()) {
      add(item, tables);
    }
    for (FromItem item : select.from()) {
      item.join().flatMap(join -> join.on()).ifPresent(on -> expression(on, tables));
    }
    select.columns().forEach(column -> column(column, select, tables, idNeeded));
    select.where().ifPresent(where -> expression(where, tables));
  }

  private void add(FromItem item, QueryTables tables) {
    Optional<String> alias = item.alias().map(Identifier::name);
    if (item instanceof FromItem.Table table) {
      tables.add(alias.orElse(table.name().name()), columns(table));
    } else if (item instanceof FromItem.Subquery subquery) {
      statement(subquery.query(), Optional.of(tables), false);
      tables.add(alias.orElse(""), Optional.empty());
    } else if (item instanceof FromItem.Function function) {
      expression(function.call(), tables);
      tables.add(alias.orElse(function.call().function().toString()), Optional.empty());
    }
  }

  private Optional<Set<String>> columns(FromItem.Table table) {
    Optional<TablePattern> pattern = pattern(table);
    if (pattern.isEmpty()) {
      return Optional.empty();
    }
    List<SourceSchema.Table> found = schema.matching(pattern.get());
    if (found.isEmpty()) {
      messages.warning(
          "table-not-found",
          "This table could not be found in the source schema",
          sql,
          table.nameSpan());
      return Optional.empty();
    }
    Set<String> columns = new HashSet<>();
    found.forEach(source -> source.columns().forEach(column -> columns.add(column.name())));
    if (pattern.get().wildcard()) {
      columns.add(TABLE_SUFFIX);
    }
    return Optional.of(columns);
  }

  /** Empty for a common table expression, and for a name that loading refuses. */
  private Optional<TablePattern> pattern(FromItem.Table table) {
    return table.schema().isEmpty() && expressions.contains(table.name().name())
        ? Optional.empty()
        : TableNames.pattern(table, defaultSchema);
  }

  private void column(
      SelectColumn column, Statement.Select select, QueryTables tables, boolean idNeeded) {
    if (!(column.expression() instanceof Expression.Star star)) {
      expression(column.expression(), tables);
      return;
    }
    boolean named = select.columns().stream().anyMatch(QueryCheck::isId);
    if (idNeeded && !named && !tables.mayHave(ID)) {
      messages.warning(
          "missing-id-column", "The table has no column id; add one with AS id", sql, star.span());
    }
  }

  private static boolean isId(SelectColumn column) {
    if (column.alias().isPresent()) {
      return column.alias().get().name().equals(ID);
    }
    return column.expression() instanceof Expression.ColumnReference reference
        && reference.column().name().equals(ID);
  }

  private void expression(Expression expression, QueryTables tables) {
    if (expression instanceof Expression.ColumnReference reference) {
      reference(reference, tables);
    } else if (expression instanceof Expression.Subquery subquery) {
      statement(subquery.query(), Optional.of(tables), false);
    } else {
      ExpressionParts.of(expression).forEach(part -> expression(part, tables));
    }
  }

  private void reference(Expression.ColumnReference reference, QueryTables tables) {
    String column = reference.column().name();
    boolean there =
        reference
            .table()
            .map(table -> tables.mayHave(table.name(), column))
            // A common table expression can stand for its only column.
            .orElseGet(() -> expressions.contains(column) || tables.mayHave(column));
    if (!there) {
      messages.warning("column-not-found", "Column not found: " + column, sql, reference.span());
    }
  }
}
