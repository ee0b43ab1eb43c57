package org.powersync.jakarta.web;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.powersync.jakarta.config.LoggingSettings;
import org.powersync.jakarta.config.LoggingSettings.Format;

/**
 * Has the records of the product written as {@code system.logging} says (configuration section 10).
 * As text, the server writes what is INFO or worse in its own form, and this class what is finer;
 * as JSON, this class writes all of it, a line each.
 *
 * <p>A server may give every logger a level of its own when it is made, so where there is a level
 * {@link #refresh} is to be called now and then. Without one, levels are the server's own matter.
 * Safe for all threads.
 */
final class LogOutput implements AutoCloseable {
  private static final String PRODUCT = "org.powersync.jakarta";

  private final Logger root = Logger.getLogger(PRODUCT);
  private final Optional<Level> level;
  private final boolean json;
  private final Handler handler;

  /** Levels as they were before; null is one. Guarded by this. */
  private final Map<String, Level> before = new HashMap<>();

  /** Guarded by this. */
  private boolean closed;

  /**
   * What the settings ask for; nothing when the server does all of it by itself.
   *
   * @param out where lines go
   */
  static Optional<LogOutput> of(LoggingSettings settings, PrintStream out) {
    return settings.level().isEmpty() && settings.format() == Format.TEXT
        ? Optional.empty()
        : Optional.of(new LogOutput(settings, out));
  }

  private LogOutput(LoggingSettings settings, PrintStream out) {
    this.level = settings.julLevel();
    this.json = settings.format() == Format.JSON;
    this.handler = new Lines(out);
    handler.setLevel(Level.ALL);
    if (!json) {
      Filter finer = record -> record.getLevel().intValue() < Level.INFO.intValue();
      handler.setFilter(finer);
    }
    root.addHandler(handler);
    root.setUseParentHandlers(!json);
    refresh();
  }

  /** Whether there is a level, so that {@link #refresh} has something to do. */
  boolean setsLevels() {
    return level.isPresent();
  }

  /** Sets the level of loggers that came since. */
  synchronized void refresh() {
    if (!closed) {
      level.ifPresent(this::setLevels);
    }
  }

  private void setLevels(Level level) {
    setLevel(root, level);
    Iterator<String> names = LogManager.getLogManager().getLoggerNames().asIterator();
    while (names.hasNext()) {
      String name = names.next();
      Logger logger = name.startsWith(PRODUCT + ".") ? Logger.getLogger(name) : null;
      if (logger != null && logger.getLevel() != null) {
        setLevel(logger, level);
      }
    }
  }

  private void setLevel(Logger logger, Level level) {
    if (!level.equals(logger.getLevel())) {
      before.putIfAbsent(logger.getName(), logger.getLevel());
      logger.setLevel(level);
    }
  }

  /** Everything is as it was. */
  @Override
  public synchronized void close() {
    closed = true;
    root.removeHandler(handler);
    root.setUseParentHandlers(true);
    before.forEach((name, old) -> Logger.getLogger(name).setLevel(old));
    before.clear();
  }

  private final class Lines extends Handler {
    private final PrintStream out;

    private Lines(PrintStream out) {
      this.out = out;
    }

    @Override
    public void publish(LogRecord record) {
      if (isLoggable(record)) {
        out.println(json ? LogLine.json(record) : LogLine.text(record));
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      // The stream is the process's.
    }
  }
}
