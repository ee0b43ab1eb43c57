package org.powersync.jakarta.syncconfig.early;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.expression.Computation;
import org.powersync.jakarta.syncconfig.expression.RequestJson;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.RequestUse;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.sql.Identifier;
import org.powersync.jakarta.syncconfig.value.JsonPath;

/**
 * {@code auth.…}, {@code connection.…} and {@code subscription.…} of one stream (sync config
 * section 6.7). Used by one thread.
 */
final class StreamFunctions {
  private boolean subscriptionUsed;

  /** The objects that functions are called on. */
  private enum Source {
    AUTH(RequestJson.TOKEN, RequestUse.TOKEN),
    CONNECTION(RequestJson.PARAMETERS, RequestUse.CLIENT),
    SUBSCRIPTION(RequestJson.SUBSCRIPTION, RequestUse.CLIENT);

    private final RequestJson json;
    private final RequestUse use;

    Source(RequestJson json, RequestUse use) {
      this.json = json;
      this.use = use;
    }

    static Optional<Source> of(Expression.Call call) {
      String name =
          call.function().qualifier().map(Identifier::name).orElse("").toUpperCase(Locale.ROOT);
      for (Source source : values()) {
        if (source.name().equals(name)) {
          return Optional.of(source);
        }
      }
      return Optional.empty();
    }

    /** A member; at the top of connection parameters, values were converted like a row. */
    Computation member(JsonPath path) {
      return switch (this) {
        case AUTH -> inputs -> path.valueIn(inputs.request().token());
        case CONNECTION -> inputs -> inputs.request().parameter(path);
        case SUBSCRIPTION ->
            inputs ->
                path.valueIn(inputs.subscription() == null ? Map.of() : inputs.subscription());
      };
    }
  }

  /** Whether anything depends on the parameters of a subscription. */
  boolean subscriptionUsed() {
    return subscriptionUsed;
  }

  /** The value of a call; empty when it is none of these functions. */
  Optional<Clause> compile(Expression.Call call, QueryReport report) {
    return Source.of(call).map(source -> compile(source, call, report));
  }

  private Clause compile(Source source, Expression.Call call, QueryReport report) {
    subscriptionUsed |= source == Source.SUBSCRIPTION;
    return switch (call.function().name().name()) {
      case "user_id" -> userId(source, call, report);
      case "parameters" -> parameters(source, call, report);
      case "parameter" -> parameter(source, call, report);
      default ->
          report.broken(
              "unknown-request-function",
              "Known are auth.user_id(), and parameters() and parameter('name') of auth, connection"
                  + " and subscription",
              call.span());
    };
  }

  private static Clause userId(Source source, Expression.Call call, QueryReport report) {
    if (source != Source.AUTH) {
      return report.broken("user-id-only-on-auth", "Write auth.user_id()", call.span());
    }
    if (!call.arguments().isEmpty()) {
      return noArguments(call, report);
    }
    return value(source, "user_id()", inputs -> inputs.request().userId());
  }

  private static Clause parameters(Source source, Expression.Call call, QueryReport report) {
    return call.arguments().isEmpty()
        ? value(source, "parameters()", source.json)
        : noArguments(call, report);
  }

  private static Clause parameter(Source source, Expression.Call call, QueryReport report) {
    if (call.arguments().size() != 1) {
      return report.broken(
          "wrong-argument-count", "parameter takes one argument, the name", call.span());
    }
    if (!(call.arguments().get(0) instanceof Expression.TextLiteral key)) {
      return report.broken(
          "expression-not-supported",
          "The name of a parameter is a text, as in parameter('name')",
          call.arguments().get(0).span());
    }
    JsonPath path = JsonPath.of(key.value(), true);
    return value(source, "parameter('" + key.value() + "')", source.member(path));
  }

  private static Clause noArguments(Expression.Call call, QueryReport report) {
    return report.broken("wrong-argument-count", "This function takes no arguments", call.span());
  }

  private static Clause value(Source source, String name, Computation computation) {
    String key = source.name().toLowerCase(Locale.ROOT) + "." + name;
    return new Clause.Value(computation, Clause.Origin.REQUEST, key, source.use);
  }
}
