package org.powersync.jakarta.syncconfig.bucket;

/** Nothing can be made of a query, which was reported; ends its compilation. */
final class UnusableQueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableQueryException() {
    super(null, null, false, false);
  }
}
