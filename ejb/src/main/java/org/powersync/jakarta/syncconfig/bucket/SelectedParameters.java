package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.ClauseCompiler;
import org.powersync.jakarta.syncconfig.query.ColumnNames;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RequestUse;
import org.powersync.jakarta.syncconfig.query.UnusableQueryException;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.SelectColumn;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The select list of a parameter query (sync config section 7.2).
 *
 * @param names of the bucket parameters, in order
 * @param use what the output columns take from the request
 */
record SelectedParameters(
    List<String> names,
    List<TableParameterQuery.RowColumn> rowColumns,
    List<ParameterQuery.RequestColumn> requestColumns,
    int priority,
    RequestUse use) {
  private static final String PRIORITY = "_priority";
  private static final int DEFAULT_PRIORITY = 3;

  /**
   * What the definition says for all its queries.
   *
   * @param acceptDangerous silences the warning about client parameters
   */
  record Defaults(OptionalInt priority, boolean acceptDangerous) {
    void warnDangerous(boolean dangerous, QueryReport report) {
      if (dangerous && !acceptDangerous) {
        report.warning(
            "dangerous-parameters",
            "Clients choose these buckets freely; use the token as well, or set"
                + " accept_potentially_dangerous_queries: true",
            report.sql().whole());
      }
    }
  }

  static SelectedParameters of(
      Statement.Select select,
      ClauseCompiler clauses,
      Defaults defaults,
      boolean mayHavePriority,
      QueryReport report) {
    List<String> names = new ArrayList<>();
    List<TableParameterQuery.RowColumn> rowColumns = new ArrayList<>();
    List<ParameterQuery.RequestColumn> requestColumns = new ArrayList<>();
    RequestUse use = RequestUse.NONE;
    OptionalInt priority = OptionalInt.empty();
    for (SelectColumn column : select.columns()) {
      if (column.expression() instanceof Expression.Star star) {
        report.fatal("star-not-allowed", "List the bucket parameters one by one", star.span());
        throw new UnusableQueryException();
      }
      column.alias().ifPresent(report::checkCase);
      Optional<String> name = ColumnNames.of(column, report);
      if (name.isPresent() && name.get().equals(PRIORITY)) {
        priority = priority(column, mayHavePriority, report);
        continue;
      }
      Clause clause = clauses.compile(column.expression());
      name.filter(n -> !names.contains(n)).ifPresent(names::add);
      if (clause instanceof Clause.Value value && isRowColumn(value)) {
        int slot = ((Computation.Column) value.computation()).slot();
        name.ifPresent(n -> rowColumns.add(new TableParameterQuery.RowColumn(n, slot)));
      } else {
        Clause.Value value = requestValue(clause, column, report);
        use = use.and(value.use());
        name.ifPresent(
            n -> requestColumns.add(new ParameterQuery.RequestColumn(n, value.computation())));
      }
    }
    return new SelectedParameters(
        List.copyOf(names),
        List.copyOf(rowColumns),
        List.copyOf(requestColumns),
        inForce(priority, defaults, report),
        use);
  }

  private static Clause.Value requestValue(Clause clause, SelectColumn column, QueryReport report) {
    if (clause instanceof Clause.Value value && value.origin() != Clause.Origin.ROW) {
      return value;
    }
    if (clause != Clause.BROKEN) {
      report.fatal(
          "parameter-match-not-allowed",
          "Select plain columns of the table, or values of the request",
          column.expression().span());
    }
    // The column keeps its name, so that data queries are still checked.
    return Clause.Value.constant(SqlValue.NULL);
  }

  private static boolean isRowColumn(Clause.Value value) {
    return value.origin() == Clause.Origin.ROW && value.computation() instanceof Computation.Column;
  }

  private static OptionalInt priority(
      SelectColumn column, boolean mayHavePriority, QueryReport report) {
    if (mayHavePriority
        && column.expression() instanceof Expression.IntegerLiteral literal
        && literal.value().signum() >= 0
        && literal.value().bitLength() <= 2) {
      return OptionalInt.of(literal.value().intValue());
    }
    report.fatal(
        "invalid-priority",
        mayHavePriority
            ? "_priority is 0, 1, 2 or 3, written as a number"
            : "_priority cannot be used with json_each; set priority in the definition",
        column.expression().span());
    return OptionalInt.empty();
  }

  private static int inForce(OptionalInt own, Defaults defaults, QueryReport report) {
    if (own.isPresent() && defaults.priority().isPresent()) {
      report.fatal(
          "priority-twice", "Set either priority in the definition or _priority in the query");
    }
    return own.isPresent() ? own.getAsInt() : defaults.priority().orElse(DEFAULT_PRIORITY);
  }
}
