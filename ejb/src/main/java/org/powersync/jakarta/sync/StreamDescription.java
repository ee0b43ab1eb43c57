package org.powersync.jakarta.sync;

import java.util.List;
import java.util.OptionalInt;

/**
 * A bucket definition or stream in force on a connection (sync API section 3.6).
 *
 * @param isDefault its nature, not whether defaults were asked for
 * @param errors what went wrong when it was evaluated for this request
 */
public record StreamDescription(String name, boolean isDefault, List<Problem> errors) {

  /**
   * A failed evaluation.
   *
   * @param subscription index of the request's subscription; empty = the default one
   */
  public record Problem(OptionalInt subscription, String message) {}
}
