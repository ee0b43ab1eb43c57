package org.powersync.jakarta.storage;

import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.FailureClass;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * A checkpoint cannot be served any more: compaction put operations of before it and of after it
 * together into one. Go on with the newest checkpoint; there is one beyond that operation.
 */
public final class CompactedCheckpointException extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  public CompactedCheckpointException(GroupId stream, OpId checkpoint) {
    super(ErrorCode.PSYNC_S2001, "Compaction went past the checkpoint; a newer one is there");
    with("stream", stream);
    with("checkpoint", checkpoint);
  }

  @Override
  public FailureClass failureClass() {
    return FailureClass.RETRY;
  }
}
