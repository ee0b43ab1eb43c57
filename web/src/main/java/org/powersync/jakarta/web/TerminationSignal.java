package org.powersync.jakarta.web;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Does something before the process begins to end when it is told to by the signal TERM, as service
 * managers and container runtimes do. Without it the server stops listening at once, so that no
 * probe sees that this process is not ready any more, and may cut connections off that are being
 * ended. Who sends the signal twice is in a hurry.
 */
final class TerminationSignal implements SignalHandler, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TerminationSignal.class.getName());
  private static final Signal TERM = new Signal("TERM");

  private final Runnable first;
  private final AtomicBoolean told = new AtomicBoolean();
  private SignalHandler then;

  private TerminationSignal(Runnable first) {
    this.first = first;
  }

  /**
   * From now on, until closed.
   *
   * @return empty when this JVM does not let signals be handled: the process then ends at once
   */
  static Optional<TerminationSignal> handle(Runnable first) {
    TerminationSignal handler = new TerminationSignal(first);
    try {
      handler.then = Signal.handle(TERM, handler);
      return Optional.of(handler);
    } catch (IllegalArgumentException e) {
      LOG.log(Level.INFO, "A signal to end takes effect at once: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Called by the JVM, each time on a thread of its own. */
  @Override
  public void handle(Signal signal) {
    try {
      if (told.compareAndSet(false, true)) {
        first.run();
      }
    } finally {
      then.handle(signal);
    }
  }

  @Override
  public void close() {
    Signal.handle(TERM, then);
  }
}
