package org.powersync.jakarta.connection.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.powersync.jakarta.connection.document.ConfigurationProblem.Severity;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * Collects everything that is wrong with one configuration, in the order it was found. Not safe for
 * threads; used while reading.
 */
public final class ConfigurationProblems {
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  public void error(String path, int line, String text) {
    add(Severity.ERROR, Optional.empty(), path, line, text);
  }

  public void error(ErrorCode code, String path, int line, String text) {
    add(Severity.ERROR, Optional.of(code), path, line, text);
  }

  public void warning(String path, int line, String text) {
    add(Severity.WARNING, Optional.empty(), path, line, text);
  }

  private void add(
      Severity severity, Optional<ErrorCode> code, String path, int line, String text) {
    problems.add(new ConfigurationProblem(severity, code, path, line, text));
  }

  public List<ConfigurationProblem> errors() {
    return of(Severity.ERROR);
  }

  public List<ConfigurationProblem> warnings() {
    return of(Severity.WARNING);
  }

  public boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Severity.ERROR);
  }

  private List<ConfigurationProblem> of(Severity severity) {
    return problems.stream().filter(p -> p.severity() == severity).toList();
  }

  /**
   * Throws all errors as one exception, if there are any.
   *
   * @throws PowerSyncException with the first contractual code among them
   */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw exception(errors());
    }
  }

  /** The errors as one exception, with the first contractual code among them. */
  public static PowerSyncException exception(List<ConfigurationProblem> errors) {
    ErrorCode code =
        errors.stream().flatMap(p -> p.code().stream()).findFirst().orElse(ErrorCode.PSYNC_S2001);
    return new PowerSyncException(code, "The service configuration is invalid")
        .with(
            "problems",
            errors.stream().map(ConfigurationProblem::toString).collect(Collectors.joining("; ")));
  }
}
