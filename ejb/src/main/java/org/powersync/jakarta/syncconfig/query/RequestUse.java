package org.powersync.jakarta.syncconfig.query;

/**
 * What an expression takes from a request: the signed token, or what the client says freely. Tells
 * dangerous queries (sync config section 7.2).
 */
public record RequestUse(boolean token, boolean client) {
  public static final RequestUse NONE = new RequestUse(false, false);
  public static final RequestUse TOKEN = new RequestUse(true, false);
  public static final RequestUse CLIENT = new RequestUse(false, true);

  /** Of expressions used together. */
  public RequestUse and(RequestUse other) {
    return new RequestUse(token || other.token, client || other.client);
  }

  /** Of alternatives: the token counts only when no alternative does without. */
  public RequestUse or(RequestUse other) {
    return new RequestUse(token && other.token, client || other.client);
  }
}
