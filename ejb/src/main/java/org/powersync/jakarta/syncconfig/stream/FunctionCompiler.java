package org.powersync.jakarta.syncconfig.stream;

import java.util.Locale;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.function.ScalarFunctions;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.PlanInput;
import org.powersync.jakarta.syncconfig.sql.Expression;

/** Function calls: of values, of the request, of tables (sync config section 6.7, edition 3). */
final class FunctionCompiler {
  /** Which functions there are does not depend on the options. */
  private static final ScalarFunctions FUNCTIONS = ScalarFunctions.with(true);

  private static final String USER_ID_PATH = "$.sub";

  private final ScalarCompiler scalars;
  private final Report report;

  FunctionCompiler(ScalarCompiler scalars) {
    this.scalars = scalars;
    this.report = scalars.report();
  }

  Optional<PlanExpression<Reference>> call(Expression.Call call) {
    if (!call.refused().isEmpty()) {
      return report.broken(
          "function-clause-not-supported",
          call.refused().get(0).words() + " is not supported in a function call",
          scalars.origin(call.span()));
    }
    return call.function().qualifier().isPresent() ? qualified(call) : scalar(call);
  }

  private Optional<PlanExpression<Reference>> scalar(Expression.Call call) {
    String name = call.function().name().name().toLowerCase(Locale.ROOT);
    if (name.equals("random")) {
      return report.broken(
          "function-not-deterministic", "The result has to depend on the row alone", name(call));
    }
    Optional<ScalarFunctions.Entry> function =
        name.equals("json_valid") ? Optional.empty() : FUNCTIONS.find(name);
    if (function.isEmpty()) {
      return report.broken("unknown-function", "There is no function " + name, name(call));
    }
    int count = call.arguments().size();
    if (count < function.get().minArguments() || count > function.get().maxArguments()) {
      return wrongArgumentCount(call);
    }
    return scalars
        .all(call.arguments())
        .map(arguments -> new PlanExpression.Call<>(name, arguments));
  }

  private Optional<PlanExpression<Reference>> qualified(Expression.Call call) {
    String qualifier = call.function().qualifier().orElseThrow().name();
    Optional<PlanInput.Request> request = PlanInput.Request.find(qualifier);
    if (request.isPresent()) {
      return request(call, request.get());
    }
    Optional<Scope.Source> source = scalars.scope().find(qualifier);
    if (source.isPresent()) {
      return metadata(call, source.get());
    }
    return report.broken(
        "unknown-function-schema",
        "Functions with a dot belong to auth, connection, subscription, or a table of FROM",
        name(call));
  }

  private Optional<PlanExpression<Reference>> request(
      Expression.Call call, PlanInput.Request request) {
    PlanExpression<Reference> document =
        new PlanExpression.Input<>(new Reference.RequestData(request, scalars.origin(call.span())));
    switch (call.function().name().name()) {
      case "parameters" -> {
        return call.arguments().isEmpty() ? Optional.of(document) : wrongArgumentCount(call);
      }
      case "parameter" -> {
        return call.arguments().size() == 1
            ? scalars
                .compile(call.arguments().get(0))
                .map(key -> ScalarCompiler.member(document, true, key))
            : wrongArgumentCount(call);
      }
      case "user_id" -> {
        return userId(call, request, document);
      }
      default -> {
        return report.broken(
            "unknown-request-function",
            "There are parameters(), parameter(name) and auth.user_id()",
            name(call));
      }
    }
  }

  private Optional<PlanExpression<Reference>> userId(
      Expression.Call call, PlanInput.Request request, PlanExpression<Reference> document) {
    if (request != PlanInput.Request.AUTH) {
      return report.broken("user-id-only-on-auth", "The user id is auth.user_id()", name(call));
    }
    return call.arguments().isEmpty()
        ? Optional.of(
            ScalarCompiler.member(document, true, new PlanExpression.TextLiteral<>(USER_ID_PATH)))
        : wrongArgumentCount(call);
  }

  private Optional<PlanExpression<Reference>> metadata(Expression.Call call, Scope.Source source) {
    Optional<PlanInput.Metadata> metadata = PlanInput.Metadata.find(call.function().name().name());
    if (metadata.isEmpty()) {
      return report.broken(
          "unknown-function",
          "A table has the functions schema(), table_name() and table_suffix()",
          name(call));
    }
    if (!(source instanceof Scope.Source.Of of) || !(of.item() instanceof Item.Table table)) {
      return report.broken(
          "row-metadata-on-subquery",
          "Only a table of FROM has " + metadata.get().text() + "()",
          name(call));
    }
    if (!call.arguments().isEmpty()) {
      return wrongArgumentCount(call);
    }
    if (metadata.get() == PlanInput.Metadata.TABLE_SUFFIX && !table.table().name().endsWith("%")) {
      report.warning(
          "table-suffix-without-wildcard",
          "The suffix of a table without % is always empty",
          name(call));
    }
    return Optional.of(
        new PlanExpression.Input<>(
            new Reference.Metadata(table, metadata.get(), scalars.origin(call.span()))));
  }

  private Optional<PlanExpression<Reference>> wrongArgumentCount(Expression.Call call) {
    return report.broken(
        "wrong-argument-count", "The function takes another number of arguments", name(call));
  }

  private Origin name(Expression.Call call) {
    return scalars.origin(call.function().span());
  }
}
