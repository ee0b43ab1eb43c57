package org.powersync.jakarta.replication.postgres.type;

import org.powersync.jakarta.error.ErrorCode;

/** A value inside more than {@value #LIMIT} arrays and objects (replication section 4.9). */
public final class NestingTooDeepException extends UndecodableValueException {
  private static final long serialVersionUID = 1L;

  /** Arrays and objects around a value, at most. */
  public static final int LIMIT = 11;

  private NestingTooDeepException() {
    super(
        ErrorCode.PSYNC_S1004,
        "value is nested in more than 11 arrays and objects; flatten the type of its column");
  }

  static void check(int depth) {
    if (depth > LIMIT) {
      throw new NestingTooDeepException();
    }
  }
}
