package org.powersync.jakarta.syncconfig.query;

/** Nothing can be made of a query, which was reported; ends its compilation. */
public final class UnusableQueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnusableQueryException() {
    super(null, null, false, false);
  }
}
