package org.powersync.jakarta.connection.document;

import java.util.Objects;
import java.util.Optional;
import org.powersync.jakarta.error.ErrorCode;

/**
 * Something an operator should change in the configuration.
 *
 * @param severity whether the service can start all the same
 * @param code the contractual code, where the specification gives one
 * @param path the key concerned, empty for the document as a whole
 * @param line in the document, from 1; 0 if there is none
 * @param text what is wrong and what to do; never holds a secret
 */
public record ConfigurationProblem(
    Severity severity, Optional<ErrorCode> code, String path, int line, String text) {

  public ConfigurationProblem {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(text, "text");
  }

  /** Whether the service can start all the same. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /** Such as {@code [PSYNC_S1110] storage.port (line 4): must be from 1024 to 65535}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    code.ifPresent(c -> out.append('[').append(c).append("] "));
    out.append(path);
    if (line > 0) {
      out.append(path.isEmpty() ? "line " : " (line ").append(line);
      out.append(path.isEmpty() ? "" : ")");
    }
    return (out.isEmpty() ? out : out.append(": ")).append(text).toString();
  }
}
