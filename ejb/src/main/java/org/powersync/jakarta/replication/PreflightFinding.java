package org.powersync.jakarta.replication;

import java.util.List;

/**
 * One result of looking at a source before replicating it.
 *
 * @param check short stable name of what was looked at, such as {@code wal_level}
 * @param subject what it is about: a table, a column, a role; empty for the whole server
 * @param message one sentence, starting with the error code in brackets where there is one
 * @param fix SQL statements that mend it, to be run as they are by a role that may; empty when
 *     there is none or nothing is wrong
 */
public record PreflightFinding(
    SourceInspection.Level level, String check, String subject, String message, List<String> fix) {
  public PreflightFinding {
    fix = List.copyOf(fix);
  }

  /** All is well with this. */
  public static PreflightFinding fine(String check, String message) {
    return new PreflightFinding(SourceInspection.Level.INFO, check, "", message, List.of());
  }

  /** For logs and terminals: {@code WARNING rights "a"."b": … Run: …; …}. */
  @Override
  public String toString() {
    return level
        + " "
        + check
        + (subject.isEmpty() ? "" : " " + subject)
        + ": "
        + message
        + (fix.isEmpty() ? "" : ". Run: " + String.join("; ", fix));
  }
}
