package org.powersync.jakarta.syncconfig.bucket;

import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RequestUse;
import org.powersync.jakarta.syncconfig.query.RowScope;
import org.powersync.jakarta.syncconfig.query.Scope;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Identifier;

/**
 * Names in a parameter query: values of the request, and those of {@code FROM}.
 *
 * @param from the name of the table or of {@code json_each}; empty without FROM
 * @param table the columns of the table; empty without table
 * @param elementColumns the columns of {@code json_each}; empty without it
 */
record ParameterQueryScope(
    Optional<String> from, Optional<RowScope> table, Map<String, Clause> elementColumns)
    implements Scope {
  private static final String TOKEN_PARAMETERS = "token_parameters";
  private static final String USER_PARAMETERS = "user_parameters";

  /** A query without FROM. */
  static ParameterQueryScope withoutFrom() {
    return new ParameterQueryScope(Optional.empty(), Optional.empty(), Map.of());
  }

  static ParameterQueryScope overTable(RowScope table) {
    return new ParameterQueryScope(Optional.of(table.table()), Optional.of(table), Map.of());
  }

  static ParameterQueryScope overElements(String name, Map<String, Clause> columns) {
    return new ParameterQueryScope(Optional.of(name), Optional.empty(), columns);
  }

  @Override
  public Clause column(Expression.ColumnReference reference, QueryReport report) {
    Optional<String> qualifier = reference.table().map(Identifier::name);
    String name = reference.column().name();
    if (qualifier.isEmpty() || qualifier.equals(from)) {
      return fromColumn(name, reference, report);
    }
    if (qualifier.get().equals(TOKEN_PARAMETERS)) {
      report.checkCase(reference.column());
      return request(name, TOKEN_PARAMETERS, RequestUse.TOKEN);
    }
    if (qualifier.get().equals(USER_PARAMETERS)) {
      report.checkCase(reference.column());
      return request(name, USER_PARAMETERS, RequestUse.CLIENT);
    }
    return Scope.undefined(reference, report);
  }

  private Clause fromColumn(String name, Expression.ColumnReference reference, QueryReport report) {
    if (table.isPresent()) {
      return table.get().column(reference, report);
    }
    Clause element = elementColumns.get(name);
    return element == null ? Scope.undefined(reference, report) : element;
  }

  private static Clause request(String name, String object, RequestUse use) {
    return new Clause.Value(
        object.equals(TOKEN_PARAMETERS)
            ? inputs -> inputs.request().tokenParameter(name)
            : inputs -> inputs.request().userParameter(name),
        Clause.Origin.REQUEST,
        object + "." + name,
        use);
  }

  @Override
  public Optional<Clause> qualifiedCall(Expression.Call call, QueryReport report) {
    return RequestFunctions.isRequest(call.function())
        ? Optional.of(RequestFunctions.compile(call, report))
        : Optional.empty();
  }
}
