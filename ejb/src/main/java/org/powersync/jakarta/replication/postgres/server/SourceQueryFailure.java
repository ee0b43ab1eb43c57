package org.powersync.jakarta.replication.postgres.server;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** Gives failures of the source's driver their code (replication section 6.8). */
public final class SourceQueryFailure {
  private SourceQueryFailure() {}

  /**
   * @param doing what failed: a statement without values, or a step
   */
  public static PowerSyncException of(SQLException failure, String doing) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PowerSyncException coded) {
        return coded;
      }
      if (cause instanceof SocketTimeoutException) {
        return new PowerSyncException(
                ErrorCode.PSYNC_S1121,
                "The source did not answer in time; if storage is slow, raise"
                    + " snapshot_socket_timeout of the connection",
                failure)
            .with("doing", doing);
      }
    }
    return new PowerSyncException(ErrorCode.PSYNC_S1120, "A query on the source failed", failure)
        .with("error", failure.getMessage())
        .with("sqlstate", failure.getSQLState())
        .with("doing", doing);
  }
}
