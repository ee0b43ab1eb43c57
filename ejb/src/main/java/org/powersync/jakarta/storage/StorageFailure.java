package org.powersync.jakarta.storage;

import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.FailureClass;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * The storage database refused or broke off. Its class says whether the same call may succeed
 * later; the code is always the general one.
 */
public final class StorageFailure extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  private final FailureClass failureClass;

  public StorageFailure(FailureClass failureClass, String text, Throwable cause) {
    super(ErrorCode.PSYNC_S2001, text, cause);
    this.failureClass = failureClass;
  }

  @Override
  public FailureClass failureClass() {
    return failureClass;
  }
}
