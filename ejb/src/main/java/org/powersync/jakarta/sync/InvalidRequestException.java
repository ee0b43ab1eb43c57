package org.powersync.jakarta.sync;

import java.util.List;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/** A request of the wrong shape; answered 400 with every problem named. */
public final class InvalidRequestException extends PowerSyncException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public InvalidRequestException(List<String> problems) {
    super(ErrorCode.PSYNC_S2001, 400, "Validation failed", null);
    this.problems = List.copyOf(problems);
    with("problems", this.problems);
  }

  /** What is wrong, one sentence each, beginning with the JSON pointer of the member. */
  public List<String> problems() {
    return problems;
  }
}
