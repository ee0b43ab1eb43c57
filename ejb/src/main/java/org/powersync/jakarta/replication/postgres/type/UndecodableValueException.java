package org.powersync.jakarta.replication.postgres.type;

import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * A value that cannot be decoded. Concerns its row only: report the row and leave it out, do not
 * stop. Holds nothing of the value.
 */
public class UndecodableValueException extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  UndecodableValueException(ErrorCode code, String text) {
    super(code, text);
  }
}
