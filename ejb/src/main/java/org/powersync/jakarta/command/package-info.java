/**
 * What an operator has the process do once instead of running the service (configuration section
 * 12): {@code migrate up} and {@code down}, {@code compact}, {@code teardown TEARDOWN}, {@code
 * test-connection}, and {@code preflight}, which the reference does not have.
 *
 * <p>The command stands in the environment variable {@code PS_COMMAND}. The application starts as
 * usual, with all its beans, but neither replicates nor serves; {@link
 * org.powersync.jakarta.command.CommandRun} runs the command, says what came of it, and ends the
 * process with the exit code of configuration section 13.
 */
package org.powersync.jakarta.command;
