package org.powersync.jakarta.command;

/** Exit codes of commands (configuration section 13). */
final class ExitCode {
  static final int DONE = 0;

  /** The command failed, or was written wrongly. */
  static final int FAILED = 1;

  /** The process could not start as configured, or a tear-down lacks its word. */
  static final int START_UP = 150;

  private ExitCode() {}
}
