package org.powersync.jakarta.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.powersync.jakarta.connection.Secret;

/**
 * The tokens of operators (sync API section 6.6). Without tokens nobody is let in. Immutable; safe
 * for all threads.
 */
public final class ApiTokens {
  /** For a process without a configuration. */
  public static final ApiTokens NONE = new ApiTokens(List.of());

  private final List<Secret> tokens;

  /** Accepts these tokens; an empty text is none of them. */
  public ApiTokens(List<Secret> tokens) {
    this.tokens = tokens.stream().filter(token -> token.revealBytes().length > 0).toList();
  }

  /**
   * Whether a header names one of the tokens.
   *
   * @param header of {@code Authorization} as it came, or null
   */
  public boolean accept(String header) {
    return known(AuthorizationHeader.token(header).orElse(""));
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
