package org.powersync.jakarta.syncconfig.bucket;

import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.RequestJson;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RequestUse;
import org.powersync.jakarta.syncconfig.query.UnusableQueryException;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.FunctionName;
import org.powersync.jakarta.syncconfig.value.JsonPath;

/** {@code request.…} in parameter queries (sync config section 6.7). */
final class RequestFunctions {
  private static final String REQUEST = "request";

  private RequestFunctions() {}

  static boolean isRequest(FunctionName function) {
    return function.qualifier().filter(q -> q.name().equalsIgnoreCase(REQUEST)).isPresent();
  }

  static Clause compile(Expression.Call call, QueryReport report) {
    String name = call.function().name().name();
    return switch (name) {
      case "user_id" -> plain(call, inputs -> inputs.request().userId(), RequestUse.TOKEN, report);
      case "jwt" -> plain(call, RequestJson.TOKEN, RequestUse.TOKEN, report);
      case "parameters" -> plain(call, RequestJson.PARAMETERS, RequestUse.CLIENT, report);
      case "parameter" -> parameter(call, report);
      default ->
          report.broken(
              "unknown-request-function",
              "Known are request.user_id(), jwt(), parameters() and parameter('name')",
              call.span());
    };
  }

  private static Clause plain(
      Expression.Call call, Computation computation, RequestUse use, QueryReport report) {
    if (!call.arguments().isEmpty()) {
      return report.broken("wrong-argument-count", "This function takes no arguments", call.span());
    }
    return value(computation, call.function().name().name() + "()", use);
  }

  private static Clause parameter(Expression.Call call, QueryReport report) {
    if (call.arguments().size() != 1) {
      return report.broken(
          "wrong-argument-count", "request.parameter takes one argument", call.span());
    }
    if (!(call.arguments().get(0) instanceof Expression.TextLiteral key)) {
      report.fatal(
          "expression-not-supported",
          "The name of a parameter is a text, as in request.parameter('name')",
          call.arguments().get(0).span());
      throw new UnusableQueryException();
    }
    JsonPath path = JsonPath.of(key.value(), true);
    return value(
        inputs -> inputs.request().parameter(path),
        "parameter('" + key.value() + "')",
        RequestUse.CLIENT);
  }

  private static Clause value(Computation computation, String key, RequestUse use) {
    return new Clause.Value(computation, Clause.Origin.REQUEST, REQUEST + "." + key, use);
  }
}
