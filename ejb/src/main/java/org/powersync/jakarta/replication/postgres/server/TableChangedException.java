package org.powersync.jakarta.replication.postgres.server;

import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.syncconfig.TableName;

/** A table was dropped, renamed or given another identity between being found and being copied. */
public final class TableChangedException extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  public TableChangedException(TableName table) {
    super(ErrorCode.PSYNC_S1120, "A table became another one before it was copied; looking again");
    with("table", table);
  }
}
