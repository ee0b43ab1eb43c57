package org.powersync.jakarta.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.powersync.jakarta.connection.Secret;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * The tokens of operators (sync API section 6.6). Without tokens nobody is let in. Immutable; safe
 * for all threads.
 */
public final class ApiTokens {
  private final List<Secret> tokens;

  /** Accepts these tokens; an empty text is none of them. */
  public ApiTokens(List<Secret> tokens) {
    this.tokens = tokens.stream().filter(token -> token.revealBytes().length > 0).toList();
  }

  /**
   * Lets the bearer of one of the tokens pass.
   *
   * @param header of {@code Authorization} as it came, or null
   * @throws PowerSyncException PSYNC_S2101
   */
  public void check(String header) {
    if (!known(AuthorizationHeader.token(header).orElse(""))) {
      throw new PowerSyncException(ErrorCode.PSYNC_S2101, "Authentication required");
    }
  }

  /** Takes the same time whichever token it is and wherever it differs. */
  private boolean known(String token) {
    byte[] given = token.getBytes(StandardCharsets.UTF_8);
    boolean known = false;
    for (Secret accepted : tokens) {
      known |= MessageDigest.isEqual(accepted.revealBytes(), given);
    }
    return known;
  }
}
