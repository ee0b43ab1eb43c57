package org.powersync.jakarta.connection.document;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Replaces the text of a scalar tagged {@code !env NAME} or {@code !env NAME::type} (configuration
 * section 2.1).
 */
final class EnvironmentSubstitution {
  private static final String SEPARATOR = "::";
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final UnaryOperator<String> environment;
  private final ConfigurationProblems problems;

  EnvironmentSubstitution(UnaryOperator<String> environment, ConfigurationProblems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  /** The value: String, Double or Boolean; null after noting why there is none. */
  Object substitute(String reference, String path, int line) {
    int separator = reference.indexOf(SEPARATOR);
    String name = separator < 0 ? reference : reference.substring(0, separator);
    String type = separator < 0 ? "string" : reference.substring(separator + SEPARATOR.length());
    if (!name.startsWith("PS_") || !NAME.matcher(name).matches()) {
      problems.error(
          path, line, "substitution is only allowed of variables whose name starts with PS_");
      return null;
    }
    String value = environment.apply(name);
    if (value == null) {
      problems.error(path, line, "the environment variable " + name + " is not defined");
      return null;
    }
    Optional<?> result =
        switch (type) {
          case "string" -> Optional.of(value);
          case "number" -> number(value);
          case "boolean" -> bool(value);
          default -> {
            problems.error(
                path, line, "the type of " + name + " must be string, number or boolean");
            yield null;
          }
        };
    if (result != null && result.isEmpty()) {
      problems.error(
          path, line, "the environment variable " + name + " does not hold a valid " + type);
    }
    return result == null ? null : result.orElse(null);
  }

  private static Optional<Double> number(String value) {
    return NUMBER.matcher(value).matches() ? Optional.of(Double.valueOf(value)) : Optional.empty();
  }

  private static Optional<Boolean> bool(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
