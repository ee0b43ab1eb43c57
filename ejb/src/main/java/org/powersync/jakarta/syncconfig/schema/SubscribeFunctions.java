package org.powersync.jakarta.syncconfig.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Typed functions for streams that clients subscribe to themselves (sync config section 15): each
 * gives the stream with its parameters, ready for {@code subscribe}. Without such streams there is
 * nothing to write.
 */
final class SubscribeFunctions {
  private static final String SUFFIX = "_stream";

  private SubscribeFunctions() {}

  static String script(ClientSchema schema, boolean typed) {
    StringBuilder text = new StringBuilder();
    SourceName names = new SourceName();
    for (ClientSchema.Stream stream : schema.streams()) {
      boolean none = stream.parameters().isEmpty();
      String types =
          stream.parameters().stream()
              .map(p -> key(p.name()) + ": " + word(p, "string", "number", "number", "unknown"))
              .collect(Collectors.joining("; ", "{ ", " }"));
      text.append("\n");
      if (!typed) {
        text.append(none ? "" : "/** @param {" + types.replace("*/", "* /") + "} parameters */\n");
      }
      text.append("export function ").append(names.camel(stream.name() + SUFFIX)).append('(');
      text.append(typed ? "database: AbstractPowerSyncDatabase" : "database");
      text.append(none ? "" : typed ? ", parameters: " + types : ", parameters");
      text.append(") {\n  return database.syncStream(").append(plainQuoted(stream.name(), '\''));
      text.append(none ? "" : ", parameters").append(");\n}\n");
    }
    return text.toString();
  }

  static String dart(ClientSchema schema) {
    StringBuilder text = new StringBuilder();
    SourceName names = new SourceName();
    for (ClientSchema.Stream stream : schema.streams()) {
      Map<String, ClientSchema.Parameter> locals = locals(stream);
      text.append("\n  SyncStream ").append(names.camel(stream.name() + SUFFIX)).append('(');
      String declarations =
          joined(
              locals,
              (local, p) ->
                  "required " + word(p, "String", "int", "double", "Object?") + " " + local);
      text.append(declarations.isEmpty() ? "" : "{" + declarations + "}");
      text.append(") =>\n      syncStream(").append(SourceName.quoted(stream.name(), '\''));
      String arguments =
          joined(locals, (local, p) -> SourceName.quoted(p.name(), '\'') + ": " + local);
      text.append(arguments.isEmpty() ? "" : ", {" + arguments + "}").append(");\n");
    }
    return text.isEmpty() ? "" : "\nextension SyncStreams on PowerSyncDatabase {" + text + "}\n";
  }

  static String kotlin(ClientSchema schema) {
    StringBuilder text = new StringBuilder();
    SourceName names = new SourceName();
    for (ClientSchema.Stream stream : schema.streams()) {
      Map<String, ClientSchema.Parameter> locals = locals(stream);
      text.append("\nfun PowerSyncDatabase.").append(names.camel(stream.name() + SUFFIX));
      text.append('(');
      text.append(
          joined(
              locals,
              (local, p) ->
                  "`" + local + "`: " + word(p, "String", "Long", "Double", "JsonParam")));
      text.append("): SyncStream =\n  syncStream(").append(SourceName.quoted(stream.name(), '"'));
      String arguments =
          joined(
              locals,
              (local, p) -> {
                String value =
                    word(
                        p,
                        "JsonParam.String(%s)",
                        "JsonParam.Number(%s)",
                        "JsonParam.Number(%s)",
                        "%s");
                return SourceName.quoted(p.name(), '"')
                    + " to "
                    + value.formatted("`" + local + "`");
              });
      text.append(arguments.isEmpty() ? "" : ", mapOf(" + arguments + ")").append(")\n");
    }
    return text.toString();
  }

  static String swift(ClientSchema schema) {
    StringBuilder text = new StringBuilder();
    SourceName names = new SourceName();
    for (ClientSchema.Stream stream : schema.streams()) {
      Map<String, ClientSchema.Parameter> locals = locals(stream);
      text.append("\n  func ").append(names.camel(stream.name() + SUFFIX)).append('(');
      text.append(
          joined(
              locals,
              (local, p) -> "`" + local + "`: " + word(p, "String", "Int", "Double", "JsonValue")));
      text.append(") -> any SyncStream {\n    syncStream(name: ");
      text.append(plainQuoted(stream.name(), '"')).append(", params: ");
      String arguments =
          joined(
              locals,
              (local, p) ->
                  plainQuoted(p.name(), '"')
                      + ": "
                      + word(p, ".string(%s)", ".int(%s)", ".double(%s)", "%s")
                          .formatted("`" + local + "`"));
      text.append(arguments.isEmpty() ? "nil" : "[" + arguments + "]").append(")\n  }\n");
    }
    return text.isEmpty() ? "" : "\nextension PowerSyncDatabaseProtocol {" + text + "}\n";
  }

  static String dotnet(ClientSchema schema) {
    StringBuilder text = new StringBuilder();
    SourceName names = new SourceName();
    for (ClientSchema.Stream stream : schema.streams()) {
      Map<String, ClientSchema.Parameter> locals = locals(stream);
      text.append("\n  public static ISyncStream ").append(names.pascal(stream.name() + SUFFIX));
      text.append("(this IPowerSyncDatabase database");
      locals.forEach(
          (local, p) ->
              text.append(", ")
                  .append(word(p, "string", "long", "double", "object"))
                  .append(" @")
                  .append(local));
      text.append(") =>\n    database.SyncStream(").append(plainQuoted(stream.name(), '"'));
      String arguments =
          joined(locals, (local, p) -> "{" + plainQuoted(p.name(), '"') + ", @" + local + "}");
      text.append(
          arguments.isEmpty() ? "" : ", new Dictionary<string, object> {" + arguments + "}");
      text.append(");\n");
    }
    return text.isEmpty() ? "" : "\nstatic class SyncStreams\n{" + text + "}\n";
  }

  /** Parameters by the name they have in the function. */
  private static Map<String, ClientSchema.Parameter> locals(ClientSchema.Stream stream) {
    Map<String, ClientSchema.Parameter> locals = new LinkedHashMap<>();
    SourceName names = new SourceName();
    names.camel("database");
    stream.parameters().forEach(parameter -> locals.put(names.camel(parameter.name()), parameter));
    return locals;
  }

  private static String joined(
      Map<String, ClientSchema.Parameter> locals,
      BiFunction<String, ClientSchema.Parameter, String> part) {
    return locals.entrySet().stream()
        .map(local -> part.apply(local.getKey(), local.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The word for a parameter's type. */
  private static String word(
      ClientSchema.Parameter parameter, String text, String integer, String real, String unknown) {
    Optional<ClientType> type = parameter.type();
    if (type.isEmpty()) {
      return unknown;
    }
    return switch (type.get()) {
      case TEXT -> text;
      case INTEGER -> integer;
      case REAL -> real;
    };
  }

  private static String key(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : plainQuoted(name, '\'');
  }

  private static String plainQuoted(String text, char quote) {
    return SourceName.quotedPlainDollar(text, quote);
  }
}
