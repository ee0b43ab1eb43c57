package org.powersync.jakarta.command;

import java.util.List;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.storage.CompactCommand;

/** A command as the operator wrote it. */
public sealed interface OperatorCommand {
  /** Brings the schema up to date; that has happened when storage is ready. */
  record MigrateUp() implements OperatorCommand {}

  /** Takes the schema away again, and all that was replicated; the source is left alone. */
  record MigrateDown() implements OperatorCommand {}

  /** Makes storage smaller. */
  record Compact(CompactCommand options) implements OperatorCommand {}

  /** Stops and removes everything, on the source and in storage. */
  record TearDown() implements OperatorCommand {}

  /** Whether the source can be reached and replicated. */
  record TestConnection() implements OperatorCommand {}

  /** Everything that stands in the way of replicating the source, with what mends it. */
  record Preflight() implements OperatorCommand {}

  /** Whether it needs a database with an up-to-date schema. */
  default boolean needsStorage() {
    return !(this instanceof TestConnection || this instanceof Preflight);
  }

  /** The exit code when the configuration cannot be read (13). */
  default int codeWithoutConfiguration() {
    boolean failsOnly =
        this instanceof TearDown || this instanceof TestConnection || this instanceof Preflight;
    return failsOnly ? ExitCode.FAILED : ExitCode.START_UP;
  }

  /**
   * Reads a command: words separated by line breaks, or by blanks if there are no line breaks.
   *
   * @throws IllegalArgumentException with the right usage
   * @throws PowerSyncException PSYNC_S0102 for a tear-down without its word
   */
  static OperatorCommand parse(String text) {
    List<String> words = List.of(text.strip().split(text.contains("\n") ? "\\R" : "\\s+"));
    List<String> arguments = words.subList(1, words.size());
    return switch (words.get(0)) {
      case "migrate" -> {
        boolean down = arguments.equals(List.of("down"));
        require(down || arguments.equals(List.of("up")), "migrate up, or migrate down");
        yield down ? new MigrateDown() : new MigrateUp();
      }
      case "compact" -> new Compact(CompactCommand.parse(arguments));
      case "teardown" -> {
        if (!arguments.equals(List.of("TEARDOWN"))) {
          throw new PowerSyncException(
              ErrorCode.PSYNC_S0102,
              "This removes everything that was replicated; confirm with: teardown TEARDOWN");
        }
        yield new TearDown();
      }
      case "test-connection" -> {
        require(arguments.isEmpty(), "test-connection");
        yield new TestConnection();
      }
      case "preflight" -> {
        require(arguments.isEmpty(), "preflight");
        yield new Preflight();
      }
      default ->
          throw new IllegalArgumentException(
              "No command "
                  + words.get(0)
                  + "; there are migrate, compact, teardown, test-connection, preflight");
    };
  }

  private static void require(boolean right, String usage) {
    if (!right) {
      throw new IllegalArgumentException("Usage: " + usage);
    }
  }
}
