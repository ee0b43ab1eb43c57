package org.powersync.jakarta.sync.rsocket;

/** Ends a connection with an ERROR frame on stream 0. */
public final class RSocketFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  /**
   * @param text for the peer
   */
  public RSocketFailure(ErrorKind kind, String text) {
    super(text, null, false, false);
    this.kind = kind;
  }

  public ErrorKind kind() {
    return kind;
  }
}
