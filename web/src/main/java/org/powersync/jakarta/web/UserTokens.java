package org.powersync.jakarta.web;

import org.powersync.jakarta.sync.StreamCaller;

/** Verifies who calls; the seam to token verification. An application-scoped CDI bean. */
public interface UserTokens {
  /**
   * Whether {@link #verify} may wait, some seconds, if it is called now. Returns at once; who must
   * not be held up calls that on another thread then.
   */
  boolean mayWait();

  /**
   * The user behind an {@code Authorization} header.
   *
   * @param authorization the header as it came, or null
   * @throws org.powersync.jakarta.error.PowerSyncException with a code of the PSYNC_S21 or S22
   *     families, answered 401
   */
  StreamCaller verify(String authorization);
}
