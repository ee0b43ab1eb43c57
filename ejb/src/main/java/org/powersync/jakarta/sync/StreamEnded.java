package org.powersync.jakarta.sync;

/** Unwinds a stream's thread from wherever it is when the stream has to end regularly. */
final class StreamEnded extends Exception {
  private static final long serialVersionUID = 1L;

  private final StreamEnd reason;

  StreamEnded(StreamEnd reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  StreamEnd reason() {
    return reason;
  }
}
