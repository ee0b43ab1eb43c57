package org.powersync.jakarta.web;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.diagnostics.ConfiguredSource;
import org.powersync.jakarta.replication.SourceInspection.QueryResult;
import org.powersync.jakarta.sync.RequestMembers;

/**
 * {@code POST /api/admin/v1/execute-sql}: one statement on the source, where the configuration
 * allows it (sync API section 2.5).
 */
@WebServlet(urlPatterns = "/api/admin/v1/execute-sql", asyncSupported = true)
public class ExecuteSqlServlet extends AdminServlet {
  private static final long serialVersionUID = 1L;

  /** Above it a JSON number is no exact integer. */
  private static final double EXACT_INTEGERS = 9_007_199_254_740_992.0;

  @Inject private transient ConfiguredSource source;

  public ExecuteSqlServlet() {
    super(POST);
  }

  @Override
  Answer prepare(Exchange exchange, Map<String, Object> parameters) {
    RequestMembers members = new RequestMembers(parameters);
    members.string("connection_id");
    members.require("sql");
    Optional<RequestMembers> sql = members.members("sql");
    Optional<String> query = sql.flatMap(statement -> statement.requiredString("query"));
    List<Object> arguments = sql.map(ExecuteSqlServlet::arguments).orElse(List.of());
    if (parameters.containsKey("sql") && parameters.get("sql") == null) {
      members.reject("sql", "type must be object");
    }
    members.check();
    return answered -> answered.answer(document(execute(query.orElseThrow(), arguments)));
  }

  private static List<Object> arguments(RequestMembers statement) {
    statement.require("args");
    List<Object> arguments = new ArrayList<>();
    if (statement.value("args").orElse(null) instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        argument(statement, i, list.get(i)).ifPresent(arguments::add);
      }
    } else if (statement.value("args").isPresent()) {
      statement.reject("args", "type must be array");
    }
    return arguments;
  }

  private static Optional<Object> argument(RequestMembers statement, int index, Object value) {
    if (value instanceof String || value instanceof Boolean) {
      return Optional.of(value);
    }
    if (value instanceof Double number) {
      boolean whole = number == Math.rint(number) && Math.abs(number) <= EXACT_INTEGERS;
      return Optional.of(whole ? (Object) number.longValue() : number);
    }
    statement.reject("args/" + index, "type must be string, number or boolean");
    return Optional.empty();
  }

  private QueryResult execute(String query, List<Object> arguments) {
    return source
        .get()
        .map(inspection -> inspection.execute(query, arguments))
        .orElseGet(() -> QueryResult.failed(ConfiguredSource.MISSING));
  }

  private static Map<String, Object> document(QueryResult result) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("success", result.success());
    document.put("results", Map.of("columns", result.columns(), "rows", result.rows()));
    result.error().ifPresent(error -> document.put("error", error));
    return document;
  }
}
