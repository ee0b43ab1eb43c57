package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.config.LoggingSettings;
import org.powersync.jakarta.config.LoggingSettings.Format;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** {@code system.logging}: levels and forms (configuration section 10). */
class LogOutputTest {
  private static final Logger LOG = Logger.getLogger("org.powersync.jakarta.web.LogOutputTest");
  private static final Logger OTHER = Logger.getLogger("org.powersyncother.Service");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Seen server = new Seen();

  private LogOutput output(String level, Format format) {
    return output(Optional.of(level), format).orElseThrow();
  }

  private Optional<LogOutput> output(Optional<String> level, Format format) {
    return LogOutput.of(
        new LoggingSettings(level, format), new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void asTextOnlyWhatIsFinerThanInfoIsWrittenAndTheServerWritesTheRest() {
    server.setLevel(Level.INFO);
    Logger.getLogger("").addHandler(server);
    try (LogOutput output = output("verbose", Format.TEXT)) {
      LOG.log(Level.FINE, "a {0} record", "fine");
      LOG.log(Level.INFO, "an ordinary one");
      LOG.log(Level.FINER, "too fine");
    } finally {
      Logger.getLogger("").removeHandler(server);
    }

    assertThat(written()).isEqualTo("[FINE    ] a fine record" + System.lineSeparator());
    assertThat(server.infos).isEqualTo(1);
  }

  @Test
  void asJsonEveryRecordIsALineOfItsOwn() throws Exception {
    try (LogOutput output = output("info", Format.JSON)) {
      LOG.log(
          Level.WARNING, "in two\nlines", new PowerSyncException(ErrorCode.PSYNC_S2003, "not yet"));
      LOG.log(Level.FINE, "not wanted");
    }

    JsonNode line = new ObjectMapper().readTree(written());
    assertThat(written().strip()).doesNotContain("\n");
    assertThat(line.get("level").textValue()).isEqualTo("warn");
    assertThat(line.get("message").textValue()).isEqualTo("in two\nlines");
    assertThat(Instant.parse(line.get("timestamp").textValue())).isNotNull();
    assertThat(line.get("logger").textValue()).isEqualTo(LOG.getName());
    assertThat(line.get("code").textValue()).isEqualTo("PSYNC_S2003");
    assertThat(line.get("stack").textValue()).contains("not yet").contains("LogOutputTest");
  }

  @Test
  void worseLevelsKeepOrdinaryRecordsOut() {
    try (LogOutput output = output("error", Format.JSON)) {
      LOG.log(Level.WARNING, "a warning");
      LOG.log(Level.SEVERE, "a failure");
    }

    assertThat(written()).contains("a failure").contains("\"error\"").doesNotContain("a warning");
  }

  @Test
  void loggersThatHaveALevelOfTheirOwnFollowAtTheNextRefresh() {
    try (LogOutput output = output("verbose", Format.TEXT)) {
      LOG.setLevel(Level.INFO);
      output.refresh();
      assertThat(LOG.isLoggable(Level.FINE)).isTrue();
      assertThat(OTHER.isLoggable(Level.FINE)).isFalse();
    }
  }

  @Test
  void withoutLevelAndFormatNothingIsInstalled() {
    Logger root = Logger.getLogger("org.powersync.jakarta");
    Level rootLevel = root.getLevel();

    assertThat(output(Optional.empty(), Format.TEXT)).isEmpty();

    assertThat(root.getHandlers()).isEmpty();
    assertThat(root.getUseParentHandlers()).isTrue();
    assertThat(root.getLevel()).isEqualTo(rootLevel);
  }

  @Test
  void withoutALevelJsonIsWrittenAtTheLevelsThatTheServerHas() {
    Logger root = Logger.getLogger("org.powersync.jakarta");
    Level rootLevel = root.getLevel();
    LOG.setLevel(Level.FINE);
    try (LogOutput output = output(Optional.empty(), Format.JSON).orElseThrow()) {
      assertThat(output.setsLevels()).isFalse();
      output.refresh();
      assertThat(LOG.getLevel()).isEqualTo(Level.FINE);
      assertThat(root.getLevel()).isEqualTo(rootLevel);
      LOG.log(Level.FINE, "asked for by the server");
      LOG.log(Level.FINER, "too fine");
    } finally {
      LOG.setLevel(null);
    }

    assertThat(written()).contains("asked for by the server").doesNotContain("too fine");
  }

  @Test
  void aLevelThatIsGivenIsSetAlsoWhenItIsTheUsualOne() {
    LOG.setLevel(Level.FINE);
    try (LogOutput output = output("info", Format.TEXT)) {
      assertThat(output.setsLevels()).isTrue();
      assertThat(LOG.getLevel()).isEqualTo(Level.INFO);
    } finally {
      LOG.setLevel(null);
    }
  }

  @Test
  void aRefreshThatComesTooLateChangesNothing() {
    LOG.setLevel(Level.CONFIG);
    LogOutput output = output("silly", Format.TEXT);
    output.close();
    output.refresh();
    assertThat(LOG.getLevel()).isEqualTo(Level.CONFIG);
    LOG.setLevel(null);
  }

  @Test
  void afterwardsEverythingIsAsBefore() {
    LOG.setLevel(Level.CONFIG);
    Logger root = Logger.getLogger("org.powersync.jakarta");
    Level rootLevel = root.getLevel();
    output("silly", Format.JSON).close();

    assertThat(LOG.getLevel()).isEqualTo(Level.CONFIG);
    assertThat(root.getLevel()).isEqualTo(rootLevel);
    assertThat(root.getHandlers()).isEmpty();
    assertThat(root.getUseParentHandlers()).isTrue();
    LOG.setLevel(null);
  }

  private static final class Seen extends Handler {
    private int infos;

    @Override
    public void publish(LogRecord record) {
      infos += isLoggable(record) && record.getLoggerName().equals(LOG.getName()) ? 1 : 0;
    }

    @Override
    public void flush() {
      // Nothing is kept.
    }

    @Override
    public void close() {
      // Nothing to close.
    }
  }
}
